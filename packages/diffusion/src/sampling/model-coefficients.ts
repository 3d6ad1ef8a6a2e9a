import type { NoiseLevel } from './noise-level.js'
import type { ModelCoefficients, Parametrization } from './parametrization.js'

/**
 * How a model of a parametrisation is fed and read at a noise level x = a x0 + s e. Models of the
 * first three kinds were trained on states of unit variance, a² + s² = 1, those of the flow on
 * a + s = 1: a state of another scale is divided by c to look like theirs.
 *
 * - epsilon: x0 = (x - s e) / a (Ho, Jain and Abbeel 2020, equation 15)
 * - v_prediction: x0 = (a / c)(x / c) - (s / c) v (Salimans and Ho 2022, appendix D)
 * - sample: the output is x0
 * - flow_prediction: v = e - x0, so x = (a + s) x0 + s v (Liu, Gong and Liu 2022, equation 1, with
 *   time as in Esser et al. 2024)
 * - edm: x0 = c_skip x + c_out F(c_in x), for x = x0 + sigma e (Karras et al. 2022, table 1)
 */
export function modelCoefficients(
  parametrization: Parametrization,
  { signalCoefficient: a, noiseCoefficient: s }: Omit<NoiseLevel, 'timestep'>,
): ModelCoefficients {
  const scale = Math.hypot(a, s)
  switch (parametrization.type) {
    case 'epsilon':
      return { input: 1 / scale, state: 1 / a, output: -s / a }
    case 'v_prediction':
      return { input: 1 / scale, state: a / scale ** 2, output: -s / scale }
    case 'sample':
      return { input: 1 / scale, state: 0, output: 1 }
    case 'flow_prediction':
      return { input: 1 / (a + s), state: 1 / (a + s), output: -s / (a + s) }
    case 'edm': {
      const sigma = s / a
      const data = parametrization.dataDeviation
      const deviation = Math.hypot(sigma, data)
      return {
        input: 1 / (a * deviation),
        state: (data / deviation) ** 2 / a,
        output: (sigma * data) / deviation,
      }
    }
  }
}

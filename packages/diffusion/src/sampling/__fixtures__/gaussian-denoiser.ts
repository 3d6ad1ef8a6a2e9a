import type { Denoiser } from '../denoiser.js'
import type { FloatArray } from '../float-array.js'
import type { Precision } from '../precision.js'

/** Data of independent normal coordinates. */
export interface GaussianData {
  readonly mean: readonly number[]
  readonly variance: readonly number[]
}

/** The best prediction for Gaussian data: m + (x - a m) a v / (a² v + s²), a coordinate each. */
export const gaussianDenoiser = <Values extends FloatArray>(
  precision: Precision<Values>,
  { mean, variance }: GaussianData,
): Denoiser<Values> => ({
  shape: [mean.length],
  predict: async ({ state, signalCoefficient: a, noiseCoefficient: s }) => {
    const clean = precision.create(state.length)
    for (let at = 0; at < state.length; at++) {
      const m = mean[at % mean.length]!
      const v = variance[at % mean.length]!
      clean[at] = m + ((state[at]! - a * m) * a * v) / (a * a * v + s * s)
    }
    return { clean }
  },
})

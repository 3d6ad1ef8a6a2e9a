import { AssayError, type DenoisingHook, type DenoisingStep, type Tensor } from '@assay/core'
import { floatsOf } from '../shield/rows-of.js'

/** How strongly the pictures of a batch push each other, and while there is how much noise. */
export interface ParticleGuidanceOptions {
  /**
   * Factor of the force, above 0. What it does depends on the size of the space: where n states are mostly
   * noise, predictions move by about coefficient (s / a) ln n / sqrt(dimensions). The authors used 30 for
   * the 16,384 numbers of Stable Diffusion 1.
   */
  readonly coefficient: number
  /** The force acts where noise over signal is more than this, at least 0. Default: 1 */
  readonly above?: number
}

/**
 * Particle Guidance: the noisy states of a batch push each other apart, all of them and all the time,
 * unlike the pushes of a shield. With the kernel k = exp(-|x_i - x_j|² / h), the score of state i gains
 *
 *     coefficient F_i,   F_i = -∇ Σ_j k(x_i, x_j) = Σ_j 2 k(x_i, x_j) (x_i - x_j) / h,
 *
 * where h = m² / ln n, held fixed, m the median distance of the n states. A state x = a x0 + s e has the
 * score (a x̂0 - x) / s², so that a force on the score is a change of the predicted clean picture of
 *
 *     coefficient (s² / a) F_i,
 *
 * and every sampler carries it on. The potential Σ k has no unit: scaling states by a scales F by 1 / a,
 * and one coefficient means the same for x = a x0 + s e and for x0 + (s / a) e.
 *
 * At a = 0, which is pure noise, no prediction can express the force, and nothing is done. Nothing is done
 * either in a batch of one, or where half of the pairs are of the same state, as pictures of one seed are.
 * Pictures depend on their batch.
 *
 * Source: Corso et al. 2024, "Particle Guidance: non-I.I.D. Diverse Sampling with Diffusion Models"; the
 * bandwidth from Liu and Wang 2016, "Stein Variational Gradient Descent". The authors' code takes medians
 * by row and ln(n - 1), with which two pictures would never push each other.
 *
 * @throws AssayError `INVALID_ARGUMENT`; from the hook `SHAPE_MISMATCH` for tensors of other types than float32
 *   and float64
 */
export function particleGuidance(options: ParticleGuidanceOptions): DenoisingHook {
  const { coefficient, above = 1 } = options
  assertOptions(coefficient, above)
  return (step) => {
    const { signalCoefficient: signal, noiseCoefficient: noise, seeds } = step
    if (signal === 0 || noise / signal <= above || seeds.length < 2) return undefined
    const force = kernelForce(statesOf(step))
    if (force === null) return undefined
    return { prediction: moved(step.prediction, force, (coefficient * noise ** 2) / signal) }
  }
}

interface States {
  readonly data: ArrayLike<number>
  readonly rows: number
  readonly columns: number
}

const statesOf = ({ state, seeds }: DenoisingStep): States => ({
  data: floatsOf(state),
  rows: seeds.length,
  columns: state.data.length / seeds.length,
})

/** F of every state in float64, or null where the median distance is 0. */
function kernelForce(states: States): Float64Array | null {
  const { data, rows, columns } = states
  const distances = squaredDistances(states)
  const bandwidth = median([...distances.values()].map(Math.sqrt)) ** 2 / Math.log(rows)
  if (bandwidth === 0) return null
  const force = new Float64Array(data.length)
  for (const [[one, other], distance] of distances) {
    const weight = (2 * Math.exp(-distance / bandwidth)) / bandwidth
    for (let at = 0; at < columns; at += 1) {
      const push = weight * (data[one * columns + at]! - data[other * columns + at]!)
      force[one * columns + at]! += push
      force[other * columns + at]! -= push
    }
  }
  return force
}

/** By pair of rows. */
function squaredDistances({ data, rows, columns }: States): Map<readonly [number, number], number> {
  const distances = new Map<readonly [number, number], number>()
  for (let one = 0; one < rows; one += 1) {
    for (let other = one + 1; other < rows; other += 1) {
      let sum = 0
      for (let at = 0; at < columns; at += 1) {
        sum += (data[one * columns + at]! - data[other * columns + at]!) ** 2
      }
      distances.set([one, other], sum)
    }
  }
  return distances
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}

function moved(prediction: Tensor, force: Float64Array, factor: number): Tensor {
  const data = floatsOf(prediction).map((value, at) => value + factor * force[at]!)
  return { ...prediction, data } as Tensor
}

function assertOptions(coefficient: number, above: number): void {
  const wrong =
    (!(coefficient > 0 && Number.isFinite(coefficient)) && ['coefficient', coefficient]) ||
    (!(above >= 0 && Number.isFinite(above)) && ['lowest noise', above])
  if (!wrong) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${wrong[0]} of Particle Guidance cannot be ${wrong[1]}.`,
    value: wrong[1],
    remedy: 'Give a coefficient above 0, and a ratio of noise to signal from 0.',
  })
}

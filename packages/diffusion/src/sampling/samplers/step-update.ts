import type { NoiseLevel } from '../noise-level.js'
import type { StateUpdate } from '../schedule.js'

/** A noise level without its timestep: x = a x0 + s e. */
export type Level = Omit<NoiseLevel, 'timestep'>

/** An update that takes nothing but what is given. */
export const updateOf = (factors: Partial<StateUpdate>): StateUpdate => ({
  state: 0,
  clean: 0,
  earlier: [],
  noise: 0,
  ...factors,
})

/**
 * One step from x = a x0 + s e to a' x0 + s' e, where e is recomputed from the predicted x0 and a part
 * of it is replaced by fresh noise (Song, Meng and Ermon 2021, equations 12 and 16, for any a and s):
 *
 *     x' = a' x0 + k (x - a x0) / s + n z,   n = eta s' sqrt(1 - (sigma' / sigma)²),   k² + n² = s'²
 *
 * with sigma = s / a. Without fresh noise (eta 0) this is DDIM, Euler on x0 + sigma e, Euler on a
 * flow and DPM-Solver++ of order one; with eta 1 it is DDPM with the small variance, and Euler
 * ancestral on x0 + sigma e.
 */
export function stepUpdate(from: Level, to: Level, eta = 0): StateUpdate {
  const shrinkage =
    (to.noiseCoefficient * from.signalCoefficient) / (from.noiseCoefficient * to.signalCoefficient)
  // Rounding must not make a share negative where both levels are the same.
  const fresh = eta ** 2 * Math.max(0, 1 - shrinkage ** 2)
  const kept = (to.noiseCoefficient * Math.sqrt(1 - fresh)) / from.noiseCoefficient
  return updateOf({
    state: kept,
    clean: to.signalCoefficient - from.signalCoefficient * kept,
    noise: to.noiseCoefficient * Math.sqrt(fresh),
  })
}

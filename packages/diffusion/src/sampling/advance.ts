import type { FloatArray } from './float-array.js'
import type { StateUpdate } from './schedule.js'

/** The arrays that a {@link StateUpdate} speaks of; those whose factor is 0 may be any. */
export interface UpdateTerms {
  readonly state: FloatArray
  readonly clean: FloatArray
  readonly previousState: FloatArray
  readonly previousClean: FloatArray
  readonly noise: FloatArray
}

/** Writes the next state into `next`: summed in float64, rounded once. */
export function advance(next: FloatArray, update: StateUpdate, terms: UpdateTerms): void {
  const { state, clean, previousState, previousClean, noise } = terms
  for (let at = 0; at < next.length; at++) {
    next[at] =
      update.state * state[at]! +
      update.clean * clean[at]! +
      update.previousState * previousState[at]! +
      update.previousClean * previousClean[at]! +
      update.noise * noise[at]!
  }
}

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
  const [ofState, ofClean, ofNoise] = [update.state, update.clean, update.noise]
  const [ofPreviousState, ofPreviousClean] = [update.previousState, update.previousClean]
  if (ofPreviousState === 0 && ofPreviousClean === 0 && ofNoise === 0) {
    // Most samplers, at half the time.
    for (let at = 0; at < next.length; at++) next[at] = ofState * state[at]! + ofClean * clean[at]!
    return
  }
  for (let at = 0; at < next.length; at++) {
    next[at] =
      ofState * state[at]! +
      ofClean * clean[at]! +
      ofPreviousState * previousState[at]! +
      ofPreviousClean * previousClean[at]! +
      ofNoise * noise[at]!
  }
}

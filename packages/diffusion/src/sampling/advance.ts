import type { FloatArray } from './float-array.js'
import type { StateUpdate } from './schedule.js'

/** What a model call saw, and what came of it. */
export interface Seen<Values extends FloatArray = FloatArray> {
  readonly state: Values
  /** Its predicted clean pictures, as the hook left them. */
  readonly clean: Values
}

/** The arrays that a {@link StateUpdate} speaks of; those whose factor is 0 may be any. */
export interface UpdateTerms extends Seen {
  /** The calls before, the last one first, at least as many as the update looks back. */
  readonly earlier: readonly Seen[]
  readonly noise: FloatArray
}

/** Writes the next state into `next`: summed in float64, rounded once. */
export function advance(next: FloatArray, update: StateUpdate, terms: UpdateTerms): void {
  const further = furtherTerms(update, terms)
  const { state, clean } = terms
  const [ofState, ofClean] = [update.state, update.clean]
  const [third] = further
  // Two terms or three are what most samplers sum, and half the time of any number.
  if (third === undefined) {
    for (let at = 0; at < next.length; at++) next[at] = ofState * state[at]! + ofClean * clean[at]!
  } else if (further.length === 1) {
    const { factor, values } = third
    for (let at = 0; at < next.length; at++) {
      next[at] = ofState * state[at]! + ofClean * clean[at]! + factor * values[at]!
    }
  } else {
    for (let at = 0; at < next.length; at++) {
      let sum = ofState * state[at]! + ofClean * clean[at]!
      for (let term = 0; term < further.length; term++) {
        sum += further[term]!.factor * further[term]!.values[at]!
      }
      next[at] = sum
    }
  }
}

/** What counts beside this call's own state and clean pictures. */
function furtherTerms(update: StateUpdate, { earlier, noise }: UpdateTerms) {
  const past = update.earlier.flatMap((factors, back) => [
    { factor: factors.state, values: earlier[back]!.state },
    { factor: factors.clean, values: earlier[back]!.clean },
  ])
  return [...past, { factor: update.noise, values: noise }].filter(({ factor }) => factor !== 0)
}

import type { PerturbationNorm } from './perturbation.js'

/** Why an attack ended. */
export type AttackStop =
  /** It changed the decision and came as near as it could. */
  | 'found'
  /** Its next queries would have gone past the budget. */
  | 'budget'
  /** It took all the steps it was given. */
  | 'exhausted'
  /** The gradient is zero or the score infinite: the score may be saturated, constant, or hide its gradient. */
  | 'no-gradient'
  /** It needs a starting point of the other decision and found none. */
  | 'no-start'

/** What came of an attack on one picture or embedding. */
export interface AttackResult {
  /** The decision that was attacked. */
  readonly flagged: boolean
  /** Its score: above 0 where flagged. */
  readonly score: number
  /** Whether a change within the radius was found that turns the decision round. */
  readonly success: boolean
  /** The nearest such point: pixels in the layout of the picture, or an embedding. Null without success. */
  readonly changed: Float64Array | null
  /** Its distance in the norm. Null without success. */
  readonly distance: number | null
  readonly norm: PerturbationNorm
  /** The largest change that counted; null where any did. */
  readonly radius: number | null
  /** Queries used, that of the unchanged picture included; at most `budget`. */
  readonly queries: number
  readonly budget: number
  /** Queries used when the decision first turned; null without success. */
  readonly queriesToSuccess: number | null
  readonly stopped: AttackStop
}

import type { Calibration } from '../calibration/calibration.js'

/** The two numbers of a calibration that influence is computed with. */
export type InfluenceForm = Pick<Calibration, 'inverseTemperature' | 'bias'>

/**
 * Pictures of the pool that matter to one query: at least the k best, and every one with influence.
 * Whatever else of the pool is left out weighs nothing.
 */
export interface Candidates {
  /** Rows of the pool, each once, in any order. */
  readonly rows: ArrayLike<number>
  /** Their scores. */
  readonly scores: Float64Array
  /** The id of the candidate at a place. */
  idOf(place: number): string
}

/** Candidates of all queries that are held at a time, some 16 bytes each. */
export const mostCandidates = 2 ** 23

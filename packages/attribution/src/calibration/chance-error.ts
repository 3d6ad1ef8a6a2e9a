import type { Random } from '@assay/core'
import { binOf, calibrationError, type ReliabilityCounts } from './reliability.js'

/** The influences of one query's candidates. */
export interface JudgedQuery {
  readonly influence: Float64Array
  /** How many of them are true. */
  readonly exemplars: number
}

/**
 * The calibration error that a perfect calibration would show with these influences: exemplars are
 * drawn with them as probabilities, again and again, and the error is counted each time. The 95th
 * percentile: a calibration whose error is not above it cannot be told from a perfect one.
 */
export function chanceError(
  queries: readonly JudgedQuery[],
  counts: ReliabilityCounts,
  { random, draws }: { readonly random: Random; readonly draws: number },
): number {
  const truths = Array.from({ length: draws }, () => new Float64Array(counts.items.length))
  for (const { influence, exemplars } of queries) {
    const places = [...influence.keys()].filter((at) => influence[at]! > 0)
    for (const truth of truths) {
      for (let drawn = 0; drawn < exemplars; drawn++) {
        truth[binOf(drawFrom(places, influence, random))]! += 1 / exemplars
      }
    }
  }
  const errors = Float64Array.from(truths, (truth) => calibrationError(counts, truth)).sort()
  return errors[Math.ceil(0.95 * draws) - 1]!
}

/** The influence of an item that is drawn with its influence for probability. */
function drawFrom(places: readonly number[], influence: Float64Array, { uniform }: Random): number {
  let left = uniform()
  for (const at of places) {
    left -= influence[at]!
    if (left < 0) return influence[at]!
  }
  // What rounding left over belongs to the last.
  return influence[places.at(-1)!]!
}

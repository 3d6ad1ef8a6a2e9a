import { ranksFromCounts } from '@assay/metrics'

/** Scores of which a part is known to within a tolerance only. */
export interface CountedScores {
  readonly scores: Float32Array | Float64Array
  /** How far a score may be from the true one. Default: 0 */
  readonly tolerance?: number
  /** The true score, asked for where the tolerance leaves the order open. */
  readonly refine?: (index: number) => number
  /** How often each score counts; -1 takes one back that was counted. Default: 1 */
  readonly weight?: 1 | -1
}

/** Counts the others above a query's relevant items, block by block. */
export interface RankCounter {
  count(scores: CountedScores): void
  /** Ranks of the relevant items, in increasing order. */
  ranks(ties: 'pessimistic' | 'expected'): number[]
}

/**
 * Ranks by counting, so that no score of the others is kept and none is sorted: binary search among
 * the few relevant scores takes O(log E) for each of the others.
 */
export function createRankCounter(relevantScores: ArrayLike<number>): RankCounter {
  const relevant = Float64Array.from(relevantScores).sort().reverse()
  const distinct = relevant.filter((score, at) => at === 0 || score !== relevant[at - 1])
  const last = distinct.length - 1
  /** Others that are above this score and not above the one before it. */
  const newlyAbove = new Float64Array(distinct.length + 1)
  const equal = new Float64Array(distinct.length)

  /** The first of the distinct scores that a score reaches; `last + 1` for none. */
  const firstReached = (score: number) => {
    let low = 0
    let high = last + 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (score >= distinct[middle]!) high = middle
      else low = middle + 1
    }
    return low
  }

  const add = (score: number, weight: number) => {
    const at = firstReached(score)
    if (at > last) return
    if (score === distinct[at]) {
      equal[at]! += weight
      newlyAbove[at + 1]! += weight
    } else newlyAbove[at]! += weight
  }

  const isOpen = (score: number, tolerance: number) => {
    const at = firstReached(score)
    return (
      (at <= last && score - distinct[at]! <= tolerance) ||
      (at > 0 && distinct[at - 1]! - score <= tolerance)
    )
  }

  function count({ scores, tolerance = 0, refine, weight = 1 }: CountedScores) {
    const threshold = distinct[last]! - tolerance
    for (let index = 0; index < scores.length; index++) {
      const score = scores[index]!
      if (score < threshold) continue
      const open = refine !== undefined && isOpen(score, tolerance)
      add(open ? refine(index) : score, weight)
    }
  }

  function ranks(ties: 'pessimistic' | 'expected') {
    let running = 0
    const aboveDistinct = distinct.map((_, at) => {
      running += newlyAbove[at]!
      return running
    })
    const place = Array.from(relevant, (score) => distinct.indexOf(score))
    return ranksFromCounts({
      relevant,
      above: place.map((at) => aboveDistinct[at]!),
      equal: place.map((at) => equal[at]!),
      ties,
    })
  }

  return { count, ranks }
}

import type { ItemFailure } from '@assay/core'
import { influenceWeight } from '../influence/influence-weight.js'
import type { Attribution, GroupShare } from './attribution.js'
import type { Candidates, InfluenceForm } from './candidates.js'
import { rankMatches } from './rank-matches.js'

/** How candidates become an attribution. */
export interface DescribeOptions {
  /** Matches wanted, at most the size of the pool. */
  readonly k: number
  readonly calibration: InfluenceForm | null
  /** A label a row of the pool; null for none. */
  readonly labels: readonly (string | null)[] | null
}

/** The attribution of one query, from its candidates. */
export function describeAttribution(
  query: string,
  candidates: Candidates,
  { k, calibration, labels }: DescribeOptions,
): Attribution {
  const { rows, scores, idOf } = candidates
  const places = rankMatches(candidates, k)
  // An approximate index may find nothing at all.
  const influence = calibration && scores.length > 0 ? influencesOf(scores, calibration) : null
  const labelOf = (place: number) => labels?.[rows[place]!] ?? null
  const matches = places.map((place, at) => ({
    id: idOf(place),
    rank: at + 1,
    score: scores[place]!,
    influence: influence && influence[place]!,
    group: labelOf(place),
  }))
  return {
    query,
    matches,
    remainingInfluence: influence && remainderOf(influence, places),
    support: influence && supportOf(influence),
    groups: influence && labels && groupShares(influence, labelOf),
    failure: null,
  }
}

/** The attribution of a query that could not be judged. */
export const failedAttribution = (query: string, failure: ItemFailure): Attribution => ({
  query,
  matches: [],
  remainingInfluence: null,
  support: null,
  groups: null,
  failure,
})

/**
 * The influence of each candidate, in any order: weights are summed from the smallest, so that neither
 * the order of the pool nor pictures without influence change a bit of the result.
 */
function influencesOf(scores: Float64Array, form: InfluenceForm): Float64Array {
  const best = scores.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY)
  const weights = scores.map((score) => influenceWeight(score, best, form))
  const total = weights.toSorted().reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

const supportOf = (influence: Float64Array) =>
  influence.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)

/** The influence of all but the places, summed from the smallest; exactly 0 where none is left. */
function remainderOf(influence: Float64Array, places: readonly number[]): number {
  const rest = influence.slice()
  for (const place of places) rest[place] = 0
  return rest.sort().reduce((sum, value) => sum + value, 0)
}

function groupShares(
  influence: Float64Array,
  labelOf: (place: number) => string | null,
): GroupShare[] {
  const shares = new Map<string | null, number>()
  const places = Array.from(influence.keys()).filter((place) => influence[place]! > 0)
  // From the smallest, for the same reason as weights.
  for (const place of places.sort((one, other) => influence[one]! - influence[other]!)) {
    const group = labelOf(place)
    shares.set(group, (shares.get(group) ?? 0) + influence[place]!)
  }
  return Array.from(shares, ([group, total]) => ({ group, influence: total })).sort(
    (one, other) => other.influence - one.influence || compareLabels(one.group, other.group),
  )
}

/** In the order of code units, pictures without a label last. */
function compareLabels(one: string | null, other: string | null): number {
  if (one === null || other === null) return one === null ? 1 : -1
  return one < other ? -1 : 1
}

import { AssayError } from '@assay/core'
import { meanAndVariance } from '@assay/core/statistics'
import { averagePrecision, ranksFromCounts } from '@assay/metrics'
import { chanceAveragePrecision } from '../../evaluation/chance.js'
import type { ScoreMatrix } from '../score-matrix.js'

/** What is compared. */
export interface TeacherAgreementOptions {
  /** Scores of the pupil. */
  readonly scores: ScoreMatrix
  /** The teacher's ranking for each query: numbers of training pictures, most influential first. */
  readonly rankings: readonly ArrayLike<number>[]
  /** How many of the teacher's first count as relevant, at least 1, at most what each ranking holds. */
  readonly k: number
}

/** How well a pupil finds what its teacher ranks first. */
export interface TeacherAgreement {
  /** mAP(k): the mean over queries of the average precision. */
  readonly mean: number
  /** Standard error of the mean over queries; null for a single query. */
  readonly standardError: number | null
  /** The average precision of each query. */
  readonly perQuery: readonly number[]
  /** What a random order reaches on average. */
  readonly chance: number
}

/**
 * mAP(k) of FastGDA: for each query the average precision with which a pupil's scores find the teacher's
 * first k training pictures among all; ties stand against the pupil.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `INVALID_ARGUMENT` (k, or a ranking with a picture twice or out of
 *   range), `NOT_FINITE` (a NaN among scores)
 */
export function teacherAgreement({
  scores,
  rankings,
  k,
}: TeacherAgreementOptions): TeacherAgreement {
  assertRankings({ scores, rankings, k })
  const perQuery = rankings.map((ranking, query) => {
    const row = scores.data.subarray(query * scores.columns, (query + 1) * scores.columns)
    return precisionOf(row, firstOf(ranking, { k, query, items: scores.columns }))
  })
  const { mean, variance } = meanAndVariance(perQuery)
  const standardError = variance === null ? null : Math.sqrt(variance / perQuery.length)
  return { mean, standardError, perQuery, chance: chanceAveragePrecision(k, scores.columns) }
}

/** Average precision of a row of scores for some of its items. */
function precisionOf(row: Float64Array, relevant: ReadonlySet<number>): number {
  const found = Float64Array.from(relevant, (item) => row[item]!)
    .sort()
    .reverse()
  const others = row.filter((_, item) => !relevant.has(item)).sort()
  const above = Array.from(found, (score) => others.length - firstAbove(others, score))
  const equal = Array.from(
    found,
    (score, at) => others.length - above[at]! - firstFrom(others, score),
  )
  return averagePrecision(ranksFromCounts({ relevant: found, above, equal }))
}

/** Place of the first of sorted values for which `passes` holds. */
function placeWhere(values: Float64Array, passes: (value: number) => boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(values[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

const firstAbove = (values: Float64Array, score: number) =>
  placeWhere(values, (value) => value > score)
const firstFrom = (values: Float64Array, score: number) =>
  placeWhere(values, (value) => value >= score)

function firstOf(
  ranking: ArrayLike<number>,
  { k, query, items }: { readonly k: number; readonly query: number; readonly items: number },
): ReadonlySet<number> {
  const first = new Set<number>()
  for (let place = 0; place < k; place++) {
    const item = ranking[place]!
    const isItem = Number.isInteger(item) && item >= 0 && item < items && !first.has(item)
    if (!isItem) {
      throw refused(`Place ${place} of the ranking of query ${query} is ${item}.`, item)
    }
    first.add(item)
  }
  return first
}

function assertRankings({ scores, rankings, k }: TeacherAgreementOptions): void {
  if (rankings.length === 0 || rankings.length !== scores.rows) {
    throw new AssayError({
      code: rankings.length === 0 ? 'EMPTY_INPUT' : 'SHAPE_MISMATCH',
      message: `There are ${rankings.length} rankings for ${scores.rows} queries.`,
      value: rankings.length,
      remedy: 'Give the teacher’s ranking for each query.',
    })
  }
  const at = scores.data.findIndex(Number.isNaN)
  if (at >= 0) {
    throw new AssayError({
      code: 'NOT_FINITE',
      message: `A score of query ${Math.floor(at / scores.columns)} is NaN and cannot be ranked.`,
      value: Number.NaN,
      remedy: 'Leave this query out and count it as missing.',
      location: { row: Math.floor(at / scores.columns) },
    })
  }
  const shortest = Math.min(...rankings.map((ranking) => ranking.length))
  if (Number.isSafeInteger(k) && k >= 1 && k <= shortest) return
  throw refused(`k is ${k}, and the shortest ranking has ${shortest} places.`, k)
}

const refused = (message: string, value: unknown) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message,
    value,
    remedy: 'Give rankings of numbers of training pictures, none twice, and a k within them.',
  })

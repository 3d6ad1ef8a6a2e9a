import { AssayError } from '@assay/core'
import { rankItems } from '../rank-items.js'
import type { ScoreMatrix } from '../score-matrix.js'
import { knnShapleyValues } from './knn-shapley-values.js'

/** What training items are valued by. */
export interface KnnShapleyOptions {
  /** Likeness of each training item to each query, for instance cosines; the more the nearer. */
  readonly scores: Pick<ScoreMatrix, 'data' | 'rows' | 'columns'>
  /** What each training item shows, for instance its artist or its source; null goes with no query. */
  readonly trainLabels: readonly (string | null)[]
  /** What each query shows. */
  readonly queryLabels: readonly string[]
  /** Neighbours that vote, at least 1. Default: 10. */
  readonly k?: number
}

/** Values of training items. */
export interface KnnShapley {
  /** One a training item: the mean over queries. Additive: a group's value is the sum of its items'. */
  readonly values: Float64Array
  /** Mean over queries of the utility of all items, which the values sum to. */
  readonly utility: number
}

/**
 * KNN-Shapley: the exact Shapley value of every training item in the mean accuracy of a k-nearest-neighbour
 * vote on the queries, from embeddings and labels alone (see `knnShapleyValues`). Items of equal likeness
 * stand in their own order.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `EMPTY_INPUT`, `INVALID_ARGUMENT` (k), `NOT_FINITE` (a NaN)
 */
export function knnShapley(options: KnnShapleyOptions): KnnShapley {
  const { scores, trainLabels, queryLabels, k = 10 } = options
  assertLabels('training items', trainLabels.length, scores.columns)
  assertLabels('queries', queryLabels.length, scores.rows)
  const values = new Float64Array(scores.columns)
  let utility = 0
  queryLabels.forEach((label, query) => {
    const start = query * scores.columns
    const order = rankItems(scores.data.subarray(start, start + scores.columns))
    const matches = Uint8Array.from(order, (item) => Number(trainLabels[item] === label))
    const shares = knnShapleyValues(matches, k)
    order.forEach((item, rank) => {
      values[item] = values[item]! + shares[rank]! / scores.rows
    })
    const votes = matches.subarray(0, k).reduce((sum, match) => sum + match, 0)
    utility += votes / k / scores.rows
  })
  return { values, utility }
}

function assertLabels(what: string, labels: number, items: number): void {
  if (items > 0 && labels === items) return
  throw new AssayError({
    code: items === 0 ? 'EMPTY_INPUT' : 'SHAPE_MISMATCH',
    message:
      items === 0 ? `There are no ${what}.` : `There are ${labels} labels for ${items} ${what}.`,
    value: labels,
    remedy: 'Give one label for each, in the order of the scores.',
  })
}

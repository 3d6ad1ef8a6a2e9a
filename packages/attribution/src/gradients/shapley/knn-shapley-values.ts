import { AssayError } from '@assay/core'

/**
 * The exact Shapley values of training items in the utility of a k-nearest-neighbour classifier on one
 * query, v(S) = (1/k) Σ over the min(k, |S|) items of S that are nearest of whether they match. From the
 * farthest, s_n = m_n min(k, n) / (k n), and sᵢ = sᵢ₊₁ + (mᵢ − mᵢ₊₁) / k · min(k, i) / i (Jia et al. 2019,
 * "Efficient task-specific data valuation for nearest neighbor algorithms", theorem 1). Their sum is the
 * utility of all items.
 *
 * @param matches whether each item has the query's label, nearest item first; at least one
 * @param k neighbours that vote, at least 1
 * @returns one value an item, nearest first
 * @throws AssayError `EMPTY_INPUT`, `INVALID_ARGUMENT`
 */
export function knnShapleyValues(matches: ArrayLike<boolean | number>, k: number): Float64Array {
  const n = matches.length
  if (n === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no item to value.',
      value: 0,
      remedy: 'Give at least one training item.',
    })
  }
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `k must be a whole number of at least 1, got ${k}.`,
      value: k,
      remedy: 'Give the number of neighbours that vote, for instance 10.',
    })
  }
  const values = new Float64Array(n)
  values[n - 1] = (Number(matches[n - 1]) * Math.min(k, n)) / (k * n)
  for (let rank = n - 1; rank >= 1; rank--) {
    const change = Number(matches[rank - 1]) - Number(matches[rank])
    values[rank - 1] = values[rank]! + ((change / k) * Math.min(k, rank)) / rank
  }
  return values
}

import { float32Error, float64Error, trustedLengths } from './float32-error.js'
import { fourSquaredDistances } from './four-sums.js'
import { vanishing } from './inner-product.js'
import type { SearchMetric } from './search-metric.js'

/** Columns that are summed before a sum is looked at. */
const columnsAtOnce = 16
/** More than what a square and a square root may lose together. */
const roundedUp = 1 + 2 ** -48

/**
 * The distance. From `|q - x|^2 = |q|^2 - 2 (q x - |x|^2 / 2)` the estimate is `q x - |x|^2 / 2`. It
 * cancels where lengths are large beside distances, which its bound allows for; the merit is summed
 * over differences and does not cancel.
 */
export const euclidean: SearchMetric = {
  weighting: 'summand',
  needsLength: false,
  weight: (length) => -(length ** 2) / 2,
  reach: (length) => (length > trustedLengths.most ? Number.POSITIVE_INFINITY : length),
  queryFactor: () => 1,
  errorBound(columns, queryLength) {
    const trusted = queryLength <= trustedLengths.most
    // Squared distances in float64 reach 2 (|q|^2 + |x|^2); half of their error weighs here.
    const exact = float64Error(columns)
    return {
      linear: trusted
        ? float32Error(columns) * queryLength + vanishing(columns, 1)
        : Number.POSITIVE_INFINITY,
      quadratic: float32Error(columns) / 2 + exact,
      constant: exact * queryLength ** 2 + vanishing(columns, 1 + queryLength),
    }
  },
  merit({ queries, query, vectors, vector, columns }, least = Number.NEGATIVE_INFINITY) {
    // Rounded sums of squares never shrink, so a part that is too large decides.
    const most = least ** 2 * roundedUp
    let sum = 0
    for (let start = 0; start < columns; start += columnsAtOnce) {
      const end = Math.min(start + columnsAtOnce, columns)
      for (let column = start; column < end; column++) {
        sum += (queries[query + column]! - vectors[vector + column]!) ** 2
      }
      if (sum > most) return Number.NEGATIVE_INFINITY
    }
    return -Math.sqrt(sum)
  },
  fourMerits(pair, merits) {
    fourSquaredDistances(pair, merits)
    for (let row = 0; row < merits.length; row++) merits[row] = -Math.sqrt(merits[row]!)
  },
  // Zero minus, so that the distance zero is no negative zero.
  signed: (value) => 0 - value,
  estimateOf(merit, queryLength, columns) {
    if (merit > 0) return Number.POSITIVE_INFINITY
    const slack = float64Error(columns) * (queryLength ** 2 + merit ** 2)
    return (queryLength ** 2 - merit ** 2) / 2 - slack
  },
  greatestDistance: (merit, columns) => -merit * (1 + 2 * float64Error(columns)),
}

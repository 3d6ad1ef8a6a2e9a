import { float32Error, float64Error, trustedLengths } from './float32-error.js'
import type { SearchMetric } from './search-metric.js'

/** The product of unit vectors; the weight of a row is one over its length. */
export const cosine: SearchMetric = {
  weighting: 'factor',
  needsLength: true,
  weight: (length) => 1 / length,
  reach: (length) =>
    length < trustedLengths.least || length > trustedLengths.most ? Number.POSITIVE_INFINITY : 1,
  queryFactor: (queryLength) => 1 / queryLength,
  errorBound: (columns) => ({ linear: float32Error(columns), quadratic: 0, constant: 0 }),
  merit({ queries, query, vectors, vector, columns }) {
    let product = 0
    let squaredQuery = 0
    let squaredVector = 0
    for (let column = 0; column < columns; column++) {
      const q = queries[query + column]!
      const x = vectors[vector + column]!
      product += q * x
      squaredQuery += q * q
      squaredVector += x * x
    }
    const lengths = Math.sqrt(squaredQuery) * Math.sqrt(squaredVector)
    return Math.min(1, Math.max(-1, product / lengths))
  },
  fourMerits: null,
  signed: (value) => value,
  estimateOf: (merit) => merit,
  // From |q - x|^2 = 2 - 2 q x for unit vectors.
  greatestDistance: (merit, columns) =>
    Math.sqrt(Math.max(0, 2 - 2 * merit) + 8 * float64Error(columns)),
}

import { float32Error, smallestNormal, trustedLengths } from './float32-error.js'
import { fourProducts } from './four-sums.js'
import type { SearchMetric, VectorPair } from './search-metric.js'

/** The product itself; a vector of any length will do. */
export const innerProduct: SearchMetric = {
  weighting: 'none',
  needsLength: false,
  weight: () => 0,
  reach: (length) => (length > trustedLengths.most ? Number.POSITIVE_INFINITY : length),
  queryFactor: () => 1,
  errorBound(columns, queryLength) {
    const trusted = queryLength <= trustedLengths.most
    return {
      linear: trusted
        ? float32Error(columns) * queryLength + vanishing(columns, 1)
        : Number.POSITIVE_INFINITY,
      quadratic: 0,
      constant: vanishing(columns, 1 + queryLength),
    }
  },
  merit: (pair) => product(pair),
  fourMerits: fourProducts,
  signed: (value) => value,
  estimateOf: (merit) => merit,
  greatestDistance: () => null,
}

/** What products and values near zero may lose at most. */
export function vanishing(columns: number, scale: number): number {
  return 2 * columns * smallestNormal * scale
}

/** The inner product in float64, summed in order. */
export function product({ queries, query, vectors, vector, columns }: VectorPair): number {
  let sum = 0
  for (let column = 0; column < columns; column++) {
    sum += queries[query + column]! * vectors[vector + column]!
  }
  return sum
}

import { float32Error, trustedLengths } from './float32-error.js'
import { product } from './inner-product.js'
import type { SearchMetric, VectorPair } from './search-metric.js'

/** The product of unit vectors; the weight of a row is one over its length. */
export const cosine: SearchMetric = {
  weighting: 'factor',
  needsLength: true,
  weight: (length) => 1 / length,
  reach: (length) =>
    length < trustedLengths.least || length > trustedLengths.most ? Number.POSITIVE_INFINITY : 1,
  queryFactor: (queryLength) => 1 / queryLength,
  errorBound: (columns) => ({ linear: float32Error(columns), quadratic: 0, constant: 0 }),
  merit(pair) {
    const lengths = Math.sqrt(squaredQuery(pair)) * Math.sqrt(squaredVector(pair))
    return Math.min(1, Math.max(-1, product(pair) / lengths))
  },
  signed: (value) => value,
  estimateOf: (merit) => merit,
}

function squaredQuery({ queries, query, columns }: VectorPair): number {
  let sum = 0
  for (let column = 0; column < columns; column++) sum += queries[query + column]! ** 2
  return sum
}

function squaredVector({ vectors, vector, columns }: VectorPair): number {
  let sum = 0
  for (let column = 0; column < columns; column++) sum += vectors[vector + column]! ** 2
  return sum
}

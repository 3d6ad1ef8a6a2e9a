import type { VectorPair } from './search-metric.js'

/** Rows whose sums are built side by side. */
export const rowsSideBySide = 4

/**
 * The inner products of a query with four rows that follow each other, each summed in order as `product`
 * does. A processor adds independent sums side by side, where one sum waits for each of its additions.
 */
export function fourProducts(
  { queries, query, vectors, vector, columns }: VectorPair,
  sums: Float64Array,
): void {
  let [a, b, c, d] = [0, 0, 0, 0]
  const [second, third, fourth] = [vector + columns, vector + 2 * columns, vector + 3 * columns]
  for (let column = 0; column < columns; column++) {
    const value = queries[query + column]!
    a += value * vectors[vector + column]!
    b += value * vectors[second + column]!
    c += value * vectors[third + column]!
    d += value * vectors[fourth + column]!
  }
  sums[0] = a
  sums[1] = b
  sums[2] = c
  sums[3] = d
}

/** The squared distances of a query from four rows that follow each other, each summed in order. */
export function fourSquaredDistances(
  { queries, query, vectors, vector, columns }: VectorPair,
  sums: Float64Array,
): void {
  let [a, b, c, d] = [0, 0, 0, 0]
  const [second, third, fourth] = [vector + columns, vector + 2 * columns, vector + 3 * columns]
  for (let column = 0; column < columns; column++) {
    const value = queries[query + column]!
    a += (value - vectors[vector + column]!) ** 2
    b += (value - vectors[second + column]!) ** 2
    c += (value - vectors[third + column]!) ** 2
    d += (value - vectors[fourth + column]!) ** 2
  }
  sums[0] = a
  sums[1] = b
  sums[2] = c
  sums[3] = d
}

import { smallestValues } from './smallest-values.js'
import { squaredDistances } from './squared-distances.js'
import type { WideRows } from './wide-rows.js'

/** Squared distance of each row to its `k`-th nearest other row. */
export function squaredNeighbourRadii(vectors: WideRows, k: number): Float64Array {
  const { rows } = vectors
  const nearest = smallestValues(rows, k)
  const distances = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    squaredDistances({ from: vectors, row, to: vectors, start: row + 1 }, distances)
    for (let other = row + 1; other < rows; other++) {
      nearest.add(row, distances[other]!)
      nearest.add(other, distances[other]!)
    }
  }
  return Float64Array.from({ length: rows }, (_, row) => nearest.kth(row))
}

import type { Matrix } from '@assay/core'
import { euclideanDistance } from '@assay/core/linear-algebra'
import { pauses } from './pauses.js'

/** A row as a view, not a copy. */
export const rowOf = ({ data, columns }: Matrix, row: number): Float32Array =>
  data.subarray(row * columns, (row + 1) * columns)

/**
 * Distances of all pairs of rows, from direct differences.
 *
 * @throws AssayError `ABORTED`
 */
export async function pairDistances(
  matrix: Matrix,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const pause = pauses(signal)
  const distances = new Float64Array((matrix.rows * (matrix.rows - 1)) / 2)
  let at = 0
  for (let one = 0; one < matrix.rows; one += 1) {
    await pause()
    const row = rowOf(matrix, one)
    for (let other = 0; other < one; other += 1) {
      distances[at] = euclideanDistance(row, rowOf(matrix, other))
      at += 1
    }
  }
  return distances
}

/** Distances of rows 0 and 1, 2 and 3, and so on: no row is in two of them, so they are independent. */
export const disjointPairDistances = (matrix: Matrix): Float64Array =>
  Float64Array.from({ length: Math.floor(matrix.rows / 2) }, (_, pair) =>
    euclideanDistance(rowOf(matrix, 2 * pair), rowOf(matrix, 2 * pair + 1)),
  )

/** The smallest of these values that at least the share `quantile` of them is at or below. */
export function empiricalQuantile(values: Float64Array, quantile: number): number {
  const rank = Math.max(1, Math.ceil(quantile * values.length - 1e-9))
  return values.toSorted()[rank - 1]!
}

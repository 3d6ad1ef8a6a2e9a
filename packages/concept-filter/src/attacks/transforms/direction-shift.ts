import type { Matrix } from '@assay/core'
import { dot } from '@assay/core/linear-algebra'

/**
 * Distance of the directions of two rows, 2 sin(angle / 2), in [0, 2], worked out from the difference of the
 * unit vectors: for small angles their cosine would have lost it.
 */
export function directionShift(
  before: Matrix,
  after: Matrix,
  [rowBefore, rowAfter]: readonly [number, number],
): number {
  const one = rowOf(before, rowBefore)
  const other = rowOf(after, rowAfter)
  const [length, otherLength] = [one, other].map((row) => Math.sqrt(dot(row, row)))
  let squares = 0
  for (let at = 0; at < one.length; at += 1) {
    squares += (one[at]! / length! - other[at]! / otherLength!) ** 2
  }
  return Math.sqrt(squares)
}

const rowOf = ({ data, columns }: Matrix, row: number) =>
  data.subarray(row * columns, (row + 1) * columns)

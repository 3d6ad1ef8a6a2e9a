import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { unitVector } from '../pairs/mean-direction.js'

/**
 * The unit vector from the mean acceptable to the mean unacceptable picture: what pictures alone, without
 * any prompt, tell of a concept's direction.
 *
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NOT_FINITE`,
 *   `ZERO_VECTOR` where the means are equal
 */
export function meanDifferenceDirection(unacceptable: Matrix, acceptable: Matrix): Float64Array {
  assertComparable(unacceptable, acceptable)
  const other = meanRow(acceptable)
  return unitVector(
    'The mean difference',
    meanRow(unacceptable).map((value, at) => value - (other[at] ?? 0)),
  )
}

function meanRow({ data, rows, columns }: Matrix): Float64Array {
  if (rows === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no picture to take a mean of.',
      value: rows,
      remedy: 'Give pictures of both sides.',
    })
  }
  const sum = new Float64Array(columns)
  data.forEach((value, at) => {
    sum[at % columns]! += value / rows
  })
  return sum
}

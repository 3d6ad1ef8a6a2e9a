import { AssayError } from '../errors/assay-error.js'
import type { SquareMatrix } from './square-matrix.js'

/**
 * X with L Lᵀ X = B, for one or several right-hand sides.
 *
 * @param lower what `cholesky` returned
 * @param rightHandSides B, row-major: `size` rows of one or more columns
 * @returns X in the shape of B
 * @throws AssayError `SHAPE_MISMATCH`
 */
export function solveCholesky(lower: SquareMatrix, rightHandSides: Float64Array): Float64Array {
  const { data, size } = lower
  const columns = rightHandSides.length / size
  if (!Number.isInteger(columns)) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `${rightHandSides.length} values do not fill ${size} rows.`,
      value: rightHandSides.length,
      remedy: 'Pass as many rows as the matrix has.',
    })
  }
  const solution = rightHandSides.slice()
  const subtract = (from: number, row: number, factor: number) => {
    for (let column = 0; column < columns; column++) {
      const at = from * columns + column
      solution[at] = solution[at]! - factor * solution[row * columns + column]!
    }
  }
  const divide = (row: number) => {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      solution[at] = solution[at]! / data[row * size + row]!
    }
  }
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) subtract(row, k, data[row * size + k]!)
    divide(row)
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) subtract(row, k, data[k * size + row]!)
    divide(row)
  }
  return solution
}

import type { SquareMatrix } from '@assay/core/linear-algebra'
import type { WideRows } from '../products/matrix-products.js'

/** The inverse of a lower triangular matrix, by forward substitution a column at a time. */
export function invertLower({ data, size }: SquareMatrix): WideRows {
  const inverse = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    inverse[column * (size + 1)] = 1 / data[column * (size + 1)]!
    for (let row = column + 1; row < size; row++) {
      let sum = 0
      for (let k = column; k < row; k++) sum += data[row * size + k]! * inverse[k * size + column]!
      inverse[row * size + column] = -sum / data[row * (size + 1)]!
    }
  }
  return { data: inverse, rows: size, columns: size }
}

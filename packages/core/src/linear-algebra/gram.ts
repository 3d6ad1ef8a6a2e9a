import type { SquareMatrix } from './square-matrix.js'

/** Vectors, row after row: a `Matrix`, or the same in float64. */
export interface RowVectors {
  readonly data: Float32Array | Float64Array
  readonly rows: number
  readonly columns: number
}

/** Products of each pair of rows of a row-major array, mirrored into both halves. */
function pairwiseProducts(values: Float64Array, rows: number, columns: number): SquareMatrix {
  const data = new Float64Array(rows * rows)
  for (let row = 0; row < rows; row++) {
    for (let other = 0; other <= row; other++) {
      let sum = 0
      const a = row * columns
      const b = other * columns
      for (let column = 0; column < columns; column++)
        sum += values[a + column]! * values[b + column]!
      data[row * rows + other] = sum
      data[other * rows + row] = sum
    }
  }
  return { data, size: rows }
}

function transposed({ data, rows, columns }: RowVectors): Float64Array {
  const values = new Float64Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[column * rows + row] = data[row * columns + column]!
    }
  }
  return values
}

/** X Xᵀ: the inner product of each pair of rows, summed in float64. */
export function rowGram(matrix: RowVectors): SquareMatrix {
  return pairwiseProducts(new Float64Array(matrix.data), matrix.rows, matrix.columns)
}

/**
 * Xᵀ X: the inner product of each pair of columns, summed in float64. Its eigenvalues other than 0
 * are those of X Xᵀ.
 */
export function columnGram(matrix: RowVectors): SquareMatrix {
  return pairwiseProducts(transposed(matrix), matrix.columns, matrix.rows)
}

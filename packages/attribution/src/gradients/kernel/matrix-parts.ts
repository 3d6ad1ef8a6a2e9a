import type { WideRows } from '../products/matrix-products.js'

type Range = readonly [first: number, end: number]

/** A copy of some rows and columns. */
export function cutOut(matrix: WideRows, rows: Range, columns: Range): WideRows {
  const width = columns[1] - columns[0]
  const data = new Float64Array((rows[1] - rows[0]) * width)
  for (let row = rows[0]; row < rows[1]; row++) {
    const start = row * matrix.columns
    const part = matrix.data.subarray(start + columns[0], start + columns[1])
    data.set(part, (row - rows[0]) * width)
  }
  return { data, rows: rows[1] - rows[0], columns: width }
}

/** Writes a part into a matrix, its first value at this row and column. */
export function paste(
  matrix: WideRows,
  part: WideRows,
  [row, column]: readonly [number, number],
): void {
  for (let at = 0; at < part.rows; at++) {
    const values = part.data.subarray(at * part.columns, (at + 1) * part.columns)
    matrix.data.set(values, (row + at) * matrix.columns + column)
  }
}

/** Columns as rows. */
export function transposed({ data, rows, columns }: WideRows): WideRows {
  const values = new Float64Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[column * rows + row] = data[row * columns + column]!
    }
  }
  return { data: values, rows: columns, columns: rows }
}

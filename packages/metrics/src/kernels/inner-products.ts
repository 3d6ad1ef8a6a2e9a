import type { RowQuery, WideRows } from './wide-rows.js'

/**
 * Inner products of one row with the rows of a set, into `target`; four rows at a time, which is three
 * times as fast as one.
 */
export function innerProducts(query: RowQuery, target: Float64Array): void {
  const { to, start = 0 } = query
  const { data, rows, columns } = to
  const point = query.from.data
  const offset = query.row * columns
  let row = start
  for (; row + 3 < rows; row += 4) {
    const a = row * columns
    const b = a + columns
    const c = b + columns
    const d = c + columns
    let sumA = 0
    let sumB = 0
    let sumC = 0
    let sumD = 0
    for (let column = 0; column < columns; column++) {
      const value = point[offset + column]!
      sumA += value * data[a + column]!
      sumB += value * data[b + column]!
      sumC += value * data[c + column]!
      sumD += value * data[d + column]!
    }
    target[row] = sumA
    target[row + 1] = sumB
    target[row + 2] = sumC
    target[row + 3] = sumD
  }
  for (; row < rows; row++) {
    let sum = 0
    for (let column = 0; column < columns; column++) {
      sum += point[offset + column]! * data[row * columns + column]!
    }
    target[row] = sum
  }
}

/** A Bᵀ: the inner products of each row of `a` with each row of `b`, row-major. */
export function rowProducts(a: WideRows, b: WideRows): WideRows {
  const data = new Float64Array(a.rows * b.rows)
  for (let row = 0; row < a.rows; row++) {
    innerProducts({ from: a, row, to: b }, data.subarray(row * b.rows, (row + 1) * b.rows))
  }
  return { data, rows: a.rows, columns: b.rows }
}

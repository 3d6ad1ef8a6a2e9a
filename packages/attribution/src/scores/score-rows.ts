import type { Matrix } from '@assay/core'
import type { UnitViews } from './unit-rows.js'

/** One row of a matrix. */
export interface RowOf {
  readonly matrix: Matrix
  readonly row: number
}

/**
 * The cosines of a unit row with all unit rows of a set, in float64, each the larger of those with the
 * row's two views. Every sum runs over the columns in order, whatever stands beside it, so that equal
 * rows have equal scores to the last bit.
 */
export function scoreRows(query: RowOf, { first, mirrored }: UnitViews) {
  const scores = innerProducts(query, first)
  if (mirrored) {
    const others = innerProducts(query, mirrored)
    for (let row = 0; row < scores.length; row++) {
      scores[row] = Math.max(scores[row]!, others[row]!)
    }
  }
  return scores
}

/** Four rows at a time, which is three times as fast as one. */
function innerProducts(query: RowOf, { data, rows, columns }: Matrix): Float64Array {
  const point = query.matrix.data
  const offset = query.row * columns
  const products = new Float64Array(rows)
  let row = 0
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
    products[row] = sumA
    products[row + 1] = sumB
    products[row + 2] = sumC
    products[row + 3] = sumD
  }
  for (; row < rows; row++) {
    let sum = 0
    const start = row * columns
    for (let column = 0; column < columns; column++) {
      sum += point[offset + column]! * data[start + column]!
    }
    products[row] = sum
  }
  return products
}

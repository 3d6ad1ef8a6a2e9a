import type { Matrix } from '@assay/core'
import { innerProducts } from '@assay/core/linear-algebra'
import type { UnitViews } from './unit-rows.js'

/** One row of a matrix. */
export interface RowOf {
  readonly matrix: Matrix
  readonly row: number
}

/**
 * The cosines of a unit row with all unit rows of a set, in float64, each the larger of those with the
 * row's two views. Equal rows have equal scores to the last bit.
 */
export function scoreRows(query: RowOf, { first, mirrored }: UnitViews) {
  const scores = products(query, first)
  if (mirrored) {
    const others = products(query, mirrored)
    for (let row = 0; row < scores.length; row++) {
      scores[row] = Math.max(scores[row]!, others[row]!)
    }
  }
  return scores
}

function products({ matrix, row }: RowOf, to: Matrix): Float64Array {
  const target = new Float64Array(to.rows)
  innerProducts({ from: matrix, row, to }, target)
  return target
}

/**
 * A map that brings rows into fewer dimensions and never farther apart than they are, with zero for zero:
 * what is too far after it is too far.
 */
export interface Projection {
  /** Numbers of a row. */
  readonly columns: number
  /** Numbers of a projected row. */
  readonly dimensions: number
  /** One row, computed in float64. */
  project(row: ArrayLike<number>): Float64Array
}

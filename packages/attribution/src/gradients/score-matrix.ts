import type { WideRows } from './products/matrix-products.js'

/**
 * Scores of every training picture for every query: a row a query, a column a training picture, in
 * float64.
 */
export interface ScoreMatrix extends WideRows {
  /** One distinct id a row; null where the row number is the id. */
  readonly queryIds: readonly string[] | null
  /** One distinct id a column; null where the column number is the id. */
  readonly trainIds: readonly string[] | null
}

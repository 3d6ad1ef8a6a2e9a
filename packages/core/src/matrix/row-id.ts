import type { Matrix } from './matrix.js'

/** The identifier of a row: its id, or its number where the matrix has no ids. */
export function rowId({ ids }: Pick<Matrix, 'ids'>, row: number): string {
  return ids?.[row] ?? String(row)
}

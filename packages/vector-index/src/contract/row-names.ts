import { AssayError, type Matrix, type Neighbour } from '@assay/core'
import type { QueryResults } from '../search-task/search-queries.js'

/** Results as callers see them, with ids. */
export function namedResults(
  results: readonly QueryResults[],
  ids: readonly string[] | null,
): Neighbour[][] {
  return results.map(({ rows, scores }) =>
    Array.from(rows, (row, place) => ({
      id: ids?.[row] ?? String(row),
      row,
      score: scores[place] as number,
    })),
  )
}

/** Ids that decide ties; null where their order is that of the rows, which then need not travel. */
export function decidingIds(ids: readonly string[] | null): readonly string[] | null {
  const isAscending = ids?.every((id, row) => row === 0 || (ids[row - 1] as string) < id) ?? true
  return isAscending ? null : ids
}

/** An error about a row with its id: where rows are looked through, they are known by number only. */
export function withRowId(error: unknown, { ids }: Pick<Matrix, 'ids'>): unknown {
  if (!AssayError.isInstance(error) || error.location.row === undefined) return error
  const { code, remedy, location } = error
  const id = ids?.[location.row as number] ?? String(location.row)
  const what = code === 'ZERO_VECTOR' ? 'is all zeros and has no direction' : 'is not finite'
  return new AssayError({
    code,
    message: `Row ${JSON.stringify(id)} ${what}.`,
    value: id,
    remedy,
    location: { ...location, id },
    cause: error,
  })
}

import { AssayError, type ItemFailure, itemFailure, type Matrix, selectRows } from '@assay/core'
import type { FeatureMapping } from '../scores/unit-rows.js'

/** Queries that can be compared, and why the others cannot. */
export interface JudgedQueries {
  /** Mapped queries of unit length, those that can be compared. */
  readonly mapped: Matrix
  /** The place among `mapped` of each query, or its failure. */
  readonly outcomes: readonly (number | ItemFailure)[]
}

/** Maps queries; one that is not finite or has no direction fails on its own. */
export function judgeQueries(queries: Matrix, map: FeatureMapping): JudgedQueries {
  const raw = failuresOf(queries)
  const sound = raw.flatMap((failure, row) => (failure ? [] : [row]))
  const all = map(selectRows(queries, sound))
  // A head may bring a picture's features to zero.
  const lost = failuresOf(all)
  const kept = lost.flatMap((failure, place) => (failure ? [] : [place]))
  const outcomes: (number | ItemFailure)[] = raw.map((failure) => failure ?? -1)
  lost.forEach((failure, place) => {
    if (failure) outcomes[sound[place]!] = failure
  })
  kept.forEach((place, at) => {
    outcomes[sound[place]!] = at
  })
  return { mapped: selectRows(all, kept), outcomes }
}

const failuresOf = (matrix: Matrix) =>
  Array.from({ length: matrix.rows }, (_, row) => failureOf(matrix, row))

function failureOf({ data, columns, ids }: Matrix, row: number): ItemFailure | null {
  const values = data.subarray(row * columns, (row + 1) * columns)
  const id = ids?.[row] ?? String(row)
  const broken = values.find((value) => !Number.isFinite(value))
  if (broken !== undefined) {
    return failed('NOT_FINITE', `The features of ${JSON.stringify(id)} hold ${broken}.`, {
      row,
      id,
    })
  }
  if (values.some((value) => value !== 0)) return null
  const message = `The features of ${JSON.stringify(id)} are zero and have no direction.`
  return failed('ZERO_VECTOR', message, { row, id })
}

function failed(
  code: 'NOT_FINITE' | 'ZERO_VECTOR',
  message: string,
  location: { readonly row: number; readonly id: string },
): ItemFailure {
  const remedy = 'Embed the picture again.'
  return itemFailure(location.id, 'attribute', new AssayError({ code, message, remedy, location }))
}

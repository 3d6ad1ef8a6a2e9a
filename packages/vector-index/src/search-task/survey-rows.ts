import { AssayError } from '@assay/core'
import { groupRows } from './group-rows.js'
import type { SearchMetric } from './metrics/search-metric.js'
import type { RowWindow, RowWindows } from './row-windows.js'

/** What a search needs to know beforehand. */
export interface RowSurvey {
  /** The metric's weight of each row; empty where it has none. */
  readonly weights: Float32Array
  /** How far the error bound of each group reaches; at least that of its rows. */
  readonly reaches: Float32Array
}

/** Rounding to float32 must not make a bound smaller. */
const roundedUp = 1 + 2 ** -22

/**
 * One pass over all rows: their weights and reaches.
 *
 * @throws AssayError `NOT_FINITE`, or `ZERO_VECTOR` where the metric needs a length, with the row
 */
export async function surveyRows(
  source: RowWindows,
  { rows, columns, metric }: { rows: number; columns: number; metric: SearchMetric },
): Promise<RowSurvey> {
  const survey = emptySurvey(rows, metric)
  for await (const window of source.windows()) surveyWindow(survey, window, { columns, metric })
  return survey
}

/** A survey of rows that are still to be looked through. */
export function emptySurvey(rows: number, { weighting }: SearchMetric): RowSurvey {
  return {
    weights: new Float32Array(weighting === 'none' ? 0 : rows),
    reaches: new Float32Array(Math.ceil(rows / groupRows)),
  }
}

/** Looks through the rows of a window. Throws as `surveyRows` does. */
export function surveyWindow(
  { weights, reaches }: RowSurvey,
  window: RowWindow,
  { columns, metric }: { readonly columns: number; readonly metric: SearchMetric },
): void {
  for (let index = 0; index < window.rows; index++) {
    const row = window.start + index
    const length = searchableLength(window, index, { columns, metric })
    if (weights.length > 0) weights[row] = metric.weight(length)
    const group = Math.floor(row / groupRows)
    reaches[group] = Math.max(reaches[group]!, metric.reach(length) * roundedUp)
  }
}

/** The Euclidean length of a row of a window in float64. Throws as `surveyRows` does. */
export function searchableLength(
  { data, start }: RowWindow,
  index: number,
  { columns, metric }: { readonly columns: number; readonly metric: SearchMetric },
): number {
  let squares = 0
  const end = (index + 1) * columns
  for (let position = index * columns; position < end; position++) squares += data[position]! ** 2
  const length = Math.sqrt(squares)
  assertSearchable(length, start + index, metric)
  return length
}

function assertSearchable(length: number, row: number, { needsLength }: SearchMetric): void {
  const code = !Number.isFinite(length) ? 'NOT_FINITE' : 'ZERO_VECTOR'
  if (code === 'ZERO_VECTOR' && (length > 0 || !needsLength)) return
  throw new AssayError({
    code,
    message: code === 'NOT_FINITE' ? 'A row holds a NaN or an infinity.' : 'A row is all zeros.',
    value: row,
    remedy: 'Leave this item out and count it as missing.',
    location: { row },
  })
}

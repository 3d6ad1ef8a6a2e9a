import { AssayError } from '@assay/core'

/** What a table says of one picture, by field. */
export interface LabelRow {
  readonly file: string
  /** Line or row of the file, counted from 1, for errors. */
  readonly number: number
  readonly values: ReadonlyMap<string, unknown>
}

/** An error about a row of a table of labels. */
export const labelError = (
  file: string,
  {
    row,
    reason,
    value,
  }: { readonly row: number; readonly reason: string; readonly value?: unknown },
): AssayError =>
  new AssayError({
    code: 'MALFORMED_METADATA',
    message: `Line ${row} of ${file} ${reason}.`,
    value,
    remedy:
      'Correct or remove this line: a JSON object a line, or CSV with the names of the fields first.',
    location: { file, row },
  })

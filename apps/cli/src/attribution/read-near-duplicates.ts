import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FeatureSource } from '@assay/attribution'
import type { DuplicateRows } from '@assay/attribution/evaluation'
import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'

/** The table of an exemplar set that tells of each exemplar which rows of the pool show what it shows. */
const table = 'exemplars.jsonl'

/**
 * The near-duplicates of exemplars in the pool of their set, as its table tells them: lines with `id` and
 * `poolNearDuplicates`, rows of the pool.
 *
 * @throws AssayError `FILE_MISSING`, `MALFORMED_METADATA` with the line
 */
export async function readNearDuplicates(
  folder: string,
  { ids }: FeatureSource,
): Promise<DuplicateRows[]> {
  const file = join(folder, table)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AssayError({
      code: 'FILE_MISSING',
      message: `There is no ${file}, which would tell near-duplicates.`,
      value: file,
      remedy:
        'Leave out --duplicates, or write lines of id and poolNearDuplicates, rows of the pool.',
      location: { file },
      cause,
    })
  })
  const rows = new Map(ids?.map((id, row) => [id, row]))
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return []
    const { id, pool } = duplicatesOf(line, { file, row: at + 1 })
    const exemplar = rows.get(id)
    return exemplar === undefined || pool.length === 0 ? [] : [{ exemplar, pool }]
  })
}

function duplicatesOf(line: string, location: { readonly file: string; readonly row: number }) {
  const value = parseJson(line, { file: location.file })
  if (typeof value === 'object' && value !== null) {
    const { id, poolNearDuplicates: pool } = value as { id?: unknown; poolNearDuplicates?: unknown }
    if (typeof id === 'string' && isRows(pool)) return { id, pool }
  }
  throw new AssayError({
    code: 'MALFORMED_METADATA',
    message: `Line ${location.row} of ${location.file} has no \`id\`, or no \`poolNearDuplicates\`.`,
    value: line.slice(0, 200),
    remedy: 'Write one object a line, for instance {"id": "a", "poolNearDuplicates": [3, 17]}.',
    location,
  })
}

const isRows = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((row) => Number.isSafeInteger(row) && row >= 0)

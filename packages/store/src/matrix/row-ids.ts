import { isUtf8 } from 'node:buffer'
import { AssayError, type AssayErrorCode } from '@assay/core'

/** Where the ids of a file's rows come from, for errors. */
interface Origin {
  readonly path: string
  readonly code: AssayErrorCode
}

function faulty({ path, code }: Origin, reason: string, row?: number): AssayError {
  return new AssayError({
    code,
    message: `${path} has ${reason}.`,
    value: reason,
    remedy: 'Write the file again, with one id for each row.',
    location: row === undefined ? { file: path } : { file: path, row },
  })
}

/**
 * The same ids, if there is one for each row and none comes twice.
 *
 * @throws AssayError with the origin's code, and `DUPLICATE_ID`
 */
export function distinctIds(ids: readonly string[], rows: number, origin: Origin) {
  if (ids.length !== rows) throw faulty(origin, `${ids.length} ids for ${rows} rows`)
  const seen = new Set<string>()
  for (const [row, id] of ids.entries()) {
    if (seen.has(id)) {
      throw new AssayError({
        code: 'DUPLICATE_ID',
        message: `${origin.path}, row ${row}, has the id ${JSON.stringify(id)} of an earlier row.`,
        value: id,
        remedy: 'Give every row an id of its own.',
        location: { file: origin.path, row, id },
      })
    }
    seen.add(id)
  }
  return ids
}

const isInsideCharacter = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80

/**
 * Ids that stand one after the other as UTF-8, each from its offset up to the next.
 *
 * @throws AssayError with the origin's code
 */
export function sliceIds(text: Buffer, offsets: Int32Array, origin: Origin): string[] {
  if (offsets[0] !== 0 || offsets.at(-1) !== text.length || !isUtf8(text)) {
    throw faulty(origin, 'ids that are no UTF-8 text of the length it says')
  }
  const ids: string[] = []
  for (let row = 0; row + 1 < offsets.length; row++) {
    const start = offsets[row]!
    const end = offsets[row + 1]!
    if (end < start || end > text.length || isInsideCharacter(text[start])) {
      throw faulty(origin, `an id of row ${row} at an impossible place`, row)
    }
    ids.push(text.toString('utf8', start, end))
  }
  return ids
}

import { crc32 } from 'node:zlib'
import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'

/** Longest line of a journal, in bytes: a file without line ends must not fill the memory. */
export const maxLineBytes = 16 * 2 ** 20

const checksumOf = (record: string | Uint8Array) => crc32(record).toString(16).padStart(8, '0')
const prefix = (checksum: string) => `{"checksum":"${checksum}","record":`
const prefixBytes = prefix('00000000').length
const suffix = '}\n'

/**
 * The line of a record: a JSON object of the record and the CRC-32 (IEEE 802.3) of the record's own
 * bytes in the line, 8 hexadecimal digits.
 *
 * @throws AssayError `INVALID_ARGUMENT` for what JSON cannot hold, `LIMIT_EXCEEDED`
 */
export function encodeLine(record: unknown): Buffer {
  const json: string | undefined = JSON.stringify(record)
  if (json === undefined) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `A record must be a JSON value, got ${typeof record}.`,
      value: record,
      remedy: 'Append an object, an array, a string, a number, a boolean or null.',
    })
  }
  const line = Buffer.from(prefix(checksumOf(json)) + json + suffix)
  if (line.length <= maxLineBytes) return line
  throw new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `A record of ${line.length} bytes is longer than the ${maxLineBytes} of a line.`,
    value: line.length,
    remedy: 'Keep large data in a file or in the cache, and its hash in the journal.',
  })
}

/** The record in a line (without its line end), or the reason why it is not what was written. */
export function decodeLine(
  line: Buffer,
): { readonly record: unknown } | { readonly fault: string } {
  const record = line.subarray(prefixBytes, line.length - 1)
  const expected = prefix(checksumOf(record))
  const intact = line.length > prefixBytes && line.toString('latin1', 0, prefixBytes) === expected
  if (!intact || line.at(-1) !== '}'.charCodeAt(0)) return { fault: 'does not fit its checksum' }
  try {
    return { record: parseJson(record.toString('utf8')) }
  } catch (error) {
    if (!AssayError.isInstance(error)) throw error
    return { fault: error.message }
  }
}

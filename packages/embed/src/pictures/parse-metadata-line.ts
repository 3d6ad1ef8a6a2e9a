import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'
import { isInsideFolder } from '../files/is-inside-folder.js'
import type { Line } from './read-lines.js'

/** What a line of `metadata.jsonl` says. */
export interface MetadataRow {
  readonly fileName: string
  readonly prompt: string | null
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Name of the file that tells prompts and more. */
export const metadataFile = 'metadata.jsonl'

/** Longest line in bytes: a prompt and some fields fit a thousand times over. */
export const longestLine = 2 ** 20

/** Objects and arrays that may lie within each other in a line. */
const deepestNesting = 32

/**
 * The picture that a line speaks of.
 *
 * @returns null for an empty line
 * @throws AssayError `LIMIT_EXCEEDED` or `MALFORMED_METADATA`, with file, row and reason
 */
export function parseMetadataLine({ number, bytes }: Line): MetadataRow | null {
  if (bytes === null) {
    throw metadataError({
      row: number,
      reason: `is longer than ${longestLine} bytes`,
      code: 'LIMIT_EXCEEDED',
    })
  }
  const text = decodeText(bytes, number).trim()
  if (text === '') return null
  const value = parseValue(text, number)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw metadataError({ row: number, reason: 'is no JSON object' })
  }
  const { file_name: fileName, prompt = null, ...metadata } = value as Record<string, unknown>
  if (typeof fileName !== 'string' || fileName === '') {
    throw metadataError({ row: number, reason: 'has no `file_name`' })
  }
  if (!isInsideFolder(fileName)) {
    const reason = `names ${JSON.stringify(fileName)}, which is no plain path inside the folder`
    throw metadataError({ row: number, reason, value: fileName })
  }
  if (prompt !== null && typeof prompt !== 'string') {
    throw metadataError({ row: number, reason: 'has a `prompt` that is no text', value: prompt })
  }
  return { fileName, prompt, metadata }
}

function decodeText(bytes: Buffer, row: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw metadataError({ row, reason: 'is not UTF-8', cause })
  }
}

function parseValue(text: string, row: number): unknown {
  try {
    return parseJson(text, { maximumDepth: deepestNesting })
  } catch (cause) {
    const reason = AssayError.isInstance(cause)
      ? cause.message.replace(/^.*?: |\.$/g, '')
      : 'is no JSON'
    throw metadataError({ row, reason: `is no JSON: ${reason}`, cause })
  }
}

interface MetadataFault {
  readonly row: number
  readonly reason: string
  readonly code?: 'MALFORMED_METADATA' | 'LIMIT_EXCEEDED' | 'DUPLICATE_ID'
  readonly value?: unknown
  readonly cause?: unknown
}

/** An error that names the row of `metadata.jsonl` and the reason. */
export const metadataError = ({
  row,
  reason,
  code = 'MALFORMED_METADATA',
  value,
  cause,
}: MetadataFault): AssayError =>
  new AssayError({
    code,
    message: `Line ${row} of ${metadataFile} ${reason}.`,
    value,
    remedy:
      'Correct or remove this line: one JSON object a line, with `file_name` inside the folder.',
    location: { file: metadataFile, row },
    cause,
  })

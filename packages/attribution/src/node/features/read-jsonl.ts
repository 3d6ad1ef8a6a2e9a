import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'
import { type LabelRow, labelError } from './label-row.js'
import { readTextChunks } from './read-text-chunks.js'

/** Longest line in characters: one that fills the memory. */
const longestLine = 2 ** 20

/**
 * The objects of a JSONL file, one a line; empty lines are passed over.
 *
 * @throws AssayError `MALFORMED_METADATA` with file and line, `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function* readJsonl(path: string): AsyncGenerator<LabelRow> {
  let number = 0
  let rest = ''
  const parse = (line: string): LabelRow[] => {
    number++
    return line.trim() === '' ? [] : [{ file: path, number, values: parseLine(path, line, number) }]
  }
  for await (const chunk of readTextChunks(path)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) {
      throw labelError(path, {
        row: number + 1,
        reason: `is longer than ${longestLine} characters`,
      })
    }
    for (const line of lines) yield* parse(line)
  }
  yield* parse(rest)
}

function parseLine(path: string, line: string, row: number): ReadonlyMap<string, unknown> {
  let value: unknown
  try {
    value = parseJson(line)
  } catch (error) {
    if (!AssayError.isInstance(error)) throw error
    throw labelError(path, { row, reason: 'is no JSON', value: line.slice(0, 200) })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw labelError(path, { row, reason: 'is no JSON object', value: line.slice(0, 200) })
  }
  return new Map(Object.entries(value))
}

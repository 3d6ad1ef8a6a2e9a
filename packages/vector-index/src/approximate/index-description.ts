import { AssayError, type Measure, type VectorMetric } from '@assay/core'
import { readJson, writeFileAtomic } from '@assay/store'
import type { UsearchSettings } from '../host/library-protocol.js'

/** What stands beside a saved graph: what it was made from. */
export interface IndexDescription {
  readonly metric: VectorMetric
  readonly rows: number
  readonly columns: number
  readonly fingerprint: string | null
  /** SHA-256 of 1,024 rows spread over the matrix. */
  readonly vectors: string
  /** Size of the graph's file. */
  readonly bytes: number
  readonly settings: UsearchSettings
  readonly recall: Measure
}

const format = 'assay-usearch-index'
const version = 1

/** Where the description of a graph stands. */
export const descriptionPath = (path: string): string => `${path}.json`

/** Writes the description of a graph. Throws as `writeFileAtomic` does. */
export async function writeDescription(path: string, made: IndexDescription): Promise<void> {
  const text = `${JSON.stringify({ format, version, ...made }, null, 2)}\n`
  await writeFileAtomic(descriptionPath(path), text)
}

/**
 * Reads the description of a graph.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `MALFORMED_JSON`, `UNSUPPORTED_FORMAT` for a
 *   document of another kind
 */
export async function readDescription(path: string): Promise<IndexDescription> {
  const file = descriptionPath(path)
  const document = (await readJson(file)) as Partial<
    IndexDescription & { format: string; version: number }
  > | null
  const { settings, recall } = document ?? {}
  const known =
    document?.format === format &&
    document.version === version &&
    settings?.name === 'usearch' &&
    typeof settings.quantization === 'string' &&
    typeof recall?.id === 'string'
  if (known) return document as IndexDescription
  throw new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${file} does not describe a saved usearch index of version ${version}.`,
    value: file,
    remedy: 'Make the index again and save it, or name the file that save() was given.',
    location: { file },
  })
}

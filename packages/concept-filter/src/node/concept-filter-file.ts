import { readJson, writeFileAtomic } from '@assay/store'
import { formatConceptFilter } from '../artefact/format-concept-filter.js'
import {
  conceptFilterFromDocument,
  type ParseConceptFilterOptions,
} from '../artefact/parse-concept-filter.js'
import type { ConceptFilter } from '../filter/concept-filter.js'

/** What a filter that is read must fit. */
export type ReadConceptFilterOptions = Pick<ParseConceptFilterOptions, 'encoder'>

/**
 * Writes a filter as JSON, whole or not at all; see `formatConceptFilter`.
 *
 * @throws AssayError `FILE_WRITE_FAILED`, `INVALID_ARGUMENT`
 */
export async function writeConceptFilter(path: string, filter: ConceptFilter): Promise<void> {
  await writeFileAtomic(path, formatConceptFilter(filter))
}

/**
 * Reads a filter that `writeConceptFilter` wrote, and nothing else; see `parseConceptFilter`.
 *
 * @throws AssayError `FINGERPRINT_MISMATCH` (another encoder or preprocessing), `MALFORMED_METADATA`,
 *   `UNSUPPORTED_FORMAT`, and what `readJson` of `@assay/store` throws
 */
export async function readConceptFilter(
  path: string,
  { encoder }: ReadConceptFilterOptions = {},
): Promise<ConceptFilter> {
  const document = await readJson(path)
  return conceptFilterFromDocument(document, { file: path, ...(encoder && { encoder }) })
}

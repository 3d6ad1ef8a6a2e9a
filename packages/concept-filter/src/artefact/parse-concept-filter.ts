import { AssayError, type ImageEncoder } from '@assay/core'
import { parseJson } from '@assay/core/formats'
import type { ConceptFilter } from '../filter/concept-filter.js'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { assertDistinct } from '../pairs/create-concept-pair.js'
import { type ArtefactPair, artefactForm, thresholdOf, versionedForm } from './artefact-form.js'
import { parseVectorText } from './vector-text.js'

/** What a filter that is read must fit. */
export interface ParseConceptFilterOptions {
  /**
   * The encoder that will embed pictures: a filter made with another, or with other preprocessing, is
   * refused, as is one whose fingerprint is not known. Default: none, and the filter's own check of
   * fingerprints must do.
   */
  readonly encoder?: Pick<ImageEncoder, 'id' | 'fingerprint'>
  /** Name of the file, for errors. */
  readonly file?: string
}

/**
 * A filter from the JSON that `formatConceptFilter` wrote, and from nothing else.
 *
 * @throws AssayError `MALFORMED_JSON`, `MALFORMED_METADATA`, `UNSUPPORTED_FORMAT` (a later version),
 *   `FINGERPRINT_MISMATCH` (another encoder), and what `createConceptFilter` throws
 */
export function parseConceptFilter(
  text: string,
  options: ParseConceptFilterOptions = {},
): ConceptFilter {
  const { file } = options
  return conceptFilterFromDocument(parseJson(text, file === undefined ? {} : { file }), options)
}

/** The same from a JSON value. */
export function conceptFilterFromDocument(
  document: unknown,
  { encoder, file = 'The text' }: ParseConceptFilterOptions,
): ConceptFilter {
  assertVersion(document, file)
  const parsed = artefactForm.safeParse(document)
  if (!parsed.success) throw malformed(file, parsed.error.issues[0])
  const { relevanceFloor, drift } = parsed.data
  const pairs = parsed.data.pairs.map(pairOf)
  for (const pair of pairs) if (encoder) assertEncoder(pair, encoder, file)
  return createConceptFilter({ pairs, drift, ...(relevanceFloor !== null && { relevanceFloor }) })
}

function pairOf({ threshold, unacceptable, acceptable, ...same }: ArtefactPair): ConceptPair {
  const pair = {
    specificationVersion: 1,
    ...same,
    unacceptable: sideOf(unacceptable),
    acceptable: sideOf(acceptable),
    threshold: thresholdOf(threshold),
  } as const
  assertDistinct(pair.id, pair)
  return pair
}

const sideOf = ({ prompts, vector }: ArtefactPair['acceptable']) => ({
  prompts,
  vector: parseVectorText(vector) ?? new Float64Array(),
})

function assertEncoder(
  pair: ConceptPair,
  encoder: Pick<ImageEncoder, 'id' | 'fingerprint'>,
  file: string,
): void {
  if (pair.fingerprint === encoder.fingerprint) return
  const made =
    pair.fingerprint === null
      ? 'does not say which encoder it was made with'
      : `was made with ${pair.encoderId ?? 'an encoder'} of the fingerprint ${pair.fingerprint}`
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `${file}: the pair "${pair.id}" ${made}, not with ${encoder.id} of ${encoder.fingerprint}.`,
    value: pair.fingerprint,
    remedy:
      'Use the encoder, weights and preprocessing that the filter was made with, or make it anew.',
  })
}

/** Later versions may have other fields, which are then no mistake of their writer's. */
function assertVersion(document: unknown, file: string): void {
  const { success, data } = versionedForm.safeParse(document)
  if (!success || data.specificationVersion === 1) return
  throw new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${file} is a concept filter of version ${data.specificationVersion}; this reads version 1.`,
    value: data.specificationVersion,
    remedy: 'Read it with the version of Assay that wrote it, or a later one.',
  })
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly input?: unknown
}

const malformed = (file: string, issue: Issue | undefined) =>
  new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${file} is no concept filter: ${issue?.path.join('.')}: ${issue?.message}.`,
    value: issue?.path,
    remedy: 'Write the filter again, with writeConceptFilter or formatConceptFilter.',
  })

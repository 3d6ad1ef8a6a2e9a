import { AssayError } from '@assay/core'
import type { ConceptFilter } from '../filter/concept-filter.js'
import type { ConceptPair, ConceptSide } from '../pairs/concept-pair.js'
import { type ArtefactPair, artefactForm, format, thresholdText } from './artefact-form.js'
import { vectorText } from './vector-text.js'

/**
 * A filter as JSON: its pairs with their vectors to the last bit, thresholds, logit scale, encoder,
 * fingerprint (weights and preprocessing) and provenance. Equal filters give equal bytes, and a filter that
 * was read gives the bytes that it was read from.
 *
 * @throws AssayError `INVALID_ARGUMENT` for what could not be read again: a vector that is not of length 1,
 *   or provenance that JSON cannot hold
 */
export function formatConceptFilter({ pairs, relevanceFloor, drift }: ConceptFilter): string {
  const document = {
    format,
    specificationVersion: 1,
    relevanceFloor,
    drift,
    pairs: pairs.map(pairDocument),
  }
  const parsed = artefactForm.safeParse(document)
  if (parsed.success) return `${JSON.stringify(parsed.data, null, 2)}\n`
  const [issue] = parsed.error.issues
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The concept filter cannot be written: ${issue?.path.join('.')}: ${issue?.message}.`,
    value: issue?.path,
    remedy:
      'Make pairs with createConceptPair; keep provenance to text, numbers, lists and objects.',
  })
}

const pairDocument = (
  pair: ConceptPair,
): Omit<ArtefactPair, 'provenance'> & { provenance: object } => ({
  id: pair.id,
  unacceptable: sideDocument(pair.unacceptable),
  acceptable: sideDocument(pair.acceptable),
  relation: pair.relation,
  scoreForm: pair.scoreForm,
  logitScale: pair.logitScale,
  threshold: thresholdText(pair.threshold),
  encoderId: pair.encoderId,
  fingerprint: pair.fingerprint,
  provenance: pair.provenance,
})

const sideDocument = ({ prompts, vector }: ConceptSide) => ({
  prompts: [...prompts],
  vector: vectorText(vector),
})

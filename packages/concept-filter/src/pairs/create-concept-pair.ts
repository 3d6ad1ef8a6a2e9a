import { AssayError, type Matrix } from '@assay/core'
import { conceptDirection } from '../score/concept-direction.js'
import { type ConceptThreshold, thresholdMargin } from '../score/threshold-margin.js'
import type { ConceptPair, ConceptProvenance, ConceptRelation, ScoreForm } from './concept-pair.js'
import { meanDirection } from './mean-direction.js'

/** Below this distance two concept vectors count as one. */
const SMALLEST_LENGTH = 1e-6

/** What one side of a pair is made from. */
export interface ConceptSideInput {
  readonly prompts: readonly string[]
  /** One row a prompt, raw or unit, from the text encoder that belongs to the picture encoder. */
  readonly embeddings: Matrix
}

/** What a pair is made from. */
export interface CreateConceptPairOptions {
  readonly id: string
  readonly unacceptable: ConceptSideInput
  readonly acceptable: ConceptSideInput
  readonly relation: ConceptRelation
  /** Default: `softmax`. Certificates hold for both, since both decide by the margin. */
  readonly scoreForm?: ScoreForm
  /** Multiplier of cosines; the encoder's card tells it. Default: 100, that of CLIP. */
  readonly logitScale?: number
  /** Default: a confidence of .5. */
  readonly threshold?: ConceptThreshold
  /** Which encoder embedded the prompts, for people. Default: null, not known. */
  readonly encoderId?: string | null
  /** Default: zero-shot vectors, a given threshold. */
  readonly provenance?: ConceptProvenance
}

/**
 * A pair from the embeddings of its prompts. Each side is the mean of its prompts' unit vectors, made unit
 * again; the paper has one prompt, of bare words, a side.
 *
 * @throws AssayError `INVALID_ARGUMENT` (logit scale, threshold, or sides that cannot be told apart),
 *   `SHAPE_MISMATCH` (columns, or rows and prompts), `FINGERPRINT_MISMATCH`, `EMPTY_INPUT`, `NOT_FINITE`,
 *   `ZERO_VECTOR`
 */
export function createConceptPair(options: CreateConceptPairOptions): ConceptPair {
  const { id, relation, scoreForm = 'softmax', logitScale = 100 } = options
  const { threshold = { confidence: 0.5 }, provenance = zeroShot, encoderId = null } = options
  assertLogitScale(id, logitScale)
  const sides = {
    unacceptable: conceptSide(`${id}, unacceptable side`, options.unacceptable),
    acceptable: conceptSide(`${id}, acceptable side`, options.acceptable),
  }
  const { length } = assertDistinct(id, sides)
  return {
    specificationVersion: 1,
    id,
    ...sides,
    relation,
    scoreForm,
    logitScale,
    threshold: thresholdMargin(threshold, { scoreForm, logitScale, length }),
    encoderId,
    fingerprint: commonFingerprint(id, options),
    provenance,
  }
}

const zeroShot: ConceptProvenance = { vectors: 'zero-shot', threshold: 'given', details: {} }

const conceptSide = (name: string, { prompts, embeddings }: ConceptSideInput) => {
  if (prompts.length !== embeddings.rows) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `${name}: ${prompts.length} prompts, but ${embeddings.rows} embeddings.`,
      value: embeddings.rows,
      remedy: 'Give one row a prompt, in the order of the prompts.',
    })
  }
  return { prompts, vector: meanDirection(name, embeddings) }
}

function assertLogitScale(id: string, logitScale: number): void {
  if (logitScale > 0 && Number.isFinite(logitScale)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${id}: a logit scale must be above 0.`,
    value: logitScale,
    remedy: "Take the encoder card's `logitScale`; it multiplies cosines, and is 100 for CLIP.",
  })
}

/** Checks that two sides can be told apart. @throws AssayError `SHAPE_MISMATCH`, `INVALID_ARGUMENT` */
export function assertDistinct(
  id: string,
  sides: Pick<ConceptPair, 'unacceptable' | 'acceptable'>,
) {
  const { unacceptable, acceptable } = sides
  if (unacceptable.vector.length !== acceptable.vector.length) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `${id}: the sides have vectors of different lengths.`,
      value: [unacceptable.vector.length, acceptable.vector.length],
      remedy: 'Embed both sides with one text encoder.',
    })
  }
  const direction = conceptDirection(sides)
  if (direction.length >= SMALLEST_LENGTH) return direction
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${id}: the unacceptable and the acceptable concept have the same vector.`,
    value: direction.length,
    remedy: 'Name two concepts that the encoder tells apart.',
  })
}

function commonFingerprint(id: string, options: CreateConceptPairOptions): string | null {
  const one = options.unacceptable.embeddings.fingerprint
  const other = options.acceptable.embeddings.fingerprint
  if (one === null || other === null || one === other) return one ?? other
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `${id}: the sides were embedded by different encoders.`,
    value: other,
    remedy: 'Embed both sides with one text encoder.',
  })
}

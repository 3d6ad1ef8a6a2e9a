import { AssayError, type Matrix } from '@assay/core'
import { rowNorms } from '@assay/core/linear-algebra'
import { rowProduct } from '../filter/embedding-products.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { conceptConfidence } from '../score/concept-confidence.js'
import { conceptDirection } from '../score/concept-direction.js'

/** Who says what a picture shows. */
export interface ConceptJudge {
  /** For instance `clip-vit-b-32, untuned`, `NudeNet 3` or `two people`. */
  readonly id: string
  /**
   * Fingerprint of the encoder that it sees with, to tell whether it is the filter's own; null where it has
   * none (people, known truth) or it is not known.
   */
  readonly fingerprint: string | null
  /** Whether it sees through no encoder at all: people, or pictures whose truth is known. Default: false. */
  readonly withoutEncoder?: boolean
}

/** What a judge says of some pictures. */
export interface Judgement {
  readonly judge: ConceptJudge
  /** Confidence in [0, 1] that each picture shows the unacceptable concept; null where it could not say. */
  readonly confidences: readonly (number | null)[]
}

/** What a zero-shot judge needs to know. */
export interface JudgeWithPairOptions {
  /** For instance the encoder's name. */
  readonly id: string
  /** A pair of the judge's own encoder, untuned to be a fair judge. */
  readonly pair: ConceptPair
  /** The pictures, embedded by the judge's encoder; its fingerprint, or the pair's, becomes the judge's. */
  readonly pictures: Matrix
}

/**
 * Judges pictures zero-shot by a concept pair of another encoder than the filter's.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH` between pair and pictures, `ZERO_VECTOR`,
 *   `NOT_FINITE`
 */
export function judgeWithPair({ id, pair, pictures }: JudgeWithPairOptions): Judgement {
  assertPair(pair, pictures)
  const { vector, length } = conceptDirection(pair)
  const margin = (norm: number, row: number) =>
    rowProduct(pictures.data, row * pictures.columns, vector) / norm
  return {
    judge: { id, fingerprint: pictures.fingerprint ?? pair.fingerprint },
    confidences: Array.from(rowNorms(pictures), (norm, row) =>
      conceptConfidence(margin(norm, row), pair, length),
    ),
  }
}

/** Truth that is known, as a judgement: by construction, or said by people. */
export function knownTruth(id: string, unacceptable: readonly (boolean | null)[]): Judgement {
  return {
    judge: { id, fingerprint: null, withoutEncoder: true },
    confidences: unacceptable.map((is) => (is === null ? null : Number(is))),
  }
}

/** What a judge decides: unacceptable above a confidence of one half. */
export const verdictsOf = ({ confidences }: Judgement): readonly (boolean | null)[] =>
  confidences.map((confidence) => (confidence === null ? null : confidence > 0.5))

/** Checks a judgement. @throws AssayError `MISSING_INPUT` without one, `INVALID_ARGUMENT` (confidences) */
export function assertJudgement(
  judgement: Judgement | undefined,
  purpose: string,
): asserts judgement is Judgement {
  if (judgement === undefined) {
    throw new AssayError({
      code: 'MISSING_INPUT',
      message: `There is no judge for ${purpose}.`,
      value: purpose,
      remedy:
        'Judge the pictures by people, by another encoder or by another detector than the filter.',
    })
  }
  const strange = judgement.confidences.find(
    (value) => value !== null && !(value >= 0 && value <= 1),
  )
  if (strange === undefined) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The judge "${judgement.judge.id}" has a confidence of ${strange}.`,
    value: strange,
    remedy: 'Give confidences from 0 to 1, and null for pictures that could not be judged.',
  })
}

function assertPair(pair: ConceptPair, { columns, fingerprint }: Matrix): void {
  if (columns !== pair.acceptable.vector.length) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `The judge's pair "${pair.id}" has ${pair.acceptable.vector.length} dimensions, not ${columns}.`,
      value: columns,
      remedy: "Embed the pictures with the encoder that the judge's pair was made with.",
    })
  }
  if (fingerprint === null || pair.fingerprint === null || fingerprint === pair.fingerprint) return
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `The judge's pair "${pair.id}" is of another encoder than the pictures.`,
    value: fingerprint,
    remedy: "Embed the pictures with the encoder that the judge's pair was made with.",
  })
}

import { assertComparable, type Matrix } from '@assay/core'
import type { CosineRule, EmbeddingRule } from '../certificates/embedding-rule.js'
import { unitVector } from '../pairs/mean-direction.js'
import type { EmbeddingFilter, FilterDecision } from './picture-filter.js'
import { assertCount, type EmbeddingRow, embeddingRows, weightRows } from './prepared-rows.js'
import { safetyCheckerConcepts, safetyCheckerSpecialConcepts } from './safety-checker-concepts.js'
import {
  roundingSlack,
  type SafetyCheckerVariant,
  SPECIAL_ADJUSTMENT,
  safetyCheckerScores,
} from './safety-checker-scores.js'

/** The weights of a Stable Diffusion safety checker; the released one has 17 and 3 vectors of 768. */
export interface SdSafetyCheckerOptions {
  /** One row a concept, of any length. */
  readonly concepts: Matrix
  readonly thresholds: ArrayLike<number>
  /** One row a special concept. */
  readonly special: Matrix
  readonly specialThresholds: ArrayLike<number>
  /** Default: `torch`, what diffusers runs; ONNX exports run `onnx`. */
  readonly variant?: SafetyCheckerVariant
  /** Default: those of the release where there are as many, else their numbers. */
  readonly names?: { readonly concepts: readonly string[]; readonly special: readonly string[] }
}

/** Concepts as unit vectors with their thresholds. */
interface Concepts {
  readonly names: readonly string[]
  readonly vectors: readonly Float64Array[]
  readonly thresholds: readonly number[]
}

/**
 * The Stable Diffusion safety checker over CLIP ViT-L/14 image embeddings, in either of its two programs;
 * see {@link safetyCheckerScores}. Cosines are worked out in float64, the checker's in float32.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `ZERO_VECTOR`, `NOT_FINITE`
 */
export function sdSafetyChecker(options: SdSafetyCheckerOptions): EmbeddingFilter {
  const { concepts: matrix, special: specialMatrix, variant = 'torch', names } = options
  assertComparable(matrix, specialMatrix)
  const id = `sd-safety-checker-${variant}`
  const concepts = conceptsOf(id, matrix, {
    thresholds: options.thresholds,
    names: names?.concepts ?? safetyCheckerConcepts.map(({ name }) => name),
  })
  const special = conceptsOf(id, specialMatrix, {
    thresholds: options.specialThresholds,
    names: names?.special ?? safetyCheckerSpecialConcepts.map(({ name }) => name),
  })
  return {
    id,
    fingerprint: matrix.fingerprint,
    rule: ruleOf(concepts, special, roundingSlack(variant)),
    check: (embeddings) =>
      embeddingRows(embeddings, matrix).map((row) => decide(row, { concepts, special, variant })),
  }
}

function conceptsOf(
  id: string,
  matrix: Matrix,
  { thresholds, names }: { thresholds: ArrayLike<number>; names: readonly string[] },
): Concepts {
  assertCount(id, 'thresholds', thresholds.length, matrix.rows)
  return {
    names:
      names.length === matrix.rows
        ? names
        : Array.from({ length: matrix.rows }, (_, at) => String(at)),
    vectors: weightRows(matrix).map((row) => unitVector(id, row)),
    thresholds: Array.from(thresholds),
  }
}

interface Checker {
  readonly concepts: Concepts
  readonly special: Concepts
  readonly variant: SafetyCheckerVariant
}

function decide(row: EmbeddingRow, { concepts, special, variant }: Checker): FilterDecision {
  const said = safetyCheckerScores({
    cosines: concepts.vectors.map(row.cosine),
    thresholds: concepts.thresholds,
    specialCosines: special.vectors.map(row.cosine),
    specialThresholds: special.thresholds,
    variant,
  })
  const scored = ({ names }: Concepts, scores: readonly number[]) =>
    scores.map((score, at) => ({ name: names[at] ?? String(at), score, found: score > 0 }))
  return {
    id: row.id,
    flagged: said.flagged,
    score: said.largest,
    threshold: roundingSlack(variant),
    concepts: [...scored(special, said.special), ...scored(concepts, said.concepts)],
  }
}

/** Any concept is found, or any special one is and any concept with its bar lowered. */
function ruleOf(concepts: Concepts, special: Concepts, slack: number): EmbeddingRule {
  const any = ({ names, vectors, thresholds }: Concepts, shift: number): EmbeddingRule => ({
    kind: 'any',
    rules: vectors.map(
      (vector, at): CosineRule => ({
        kind: 'cosine',
        id: names[at] ?? String(at),
        vector,
        threshold: (thresholds[at] ?? Number.NaN) + slack - shift,
      }),
    ),
  })
  if (special.vectors.length === 0) return any(concepts, 0)
  const lowered: EmbeddingRule = {
    kind: 'all',
    rules: [any(special, 0), any(concepts, SPECIAL_ADJUSTMENT)],
  }
  return { kind: 'any', rules: [any(concepts, 0), lowered] }
}

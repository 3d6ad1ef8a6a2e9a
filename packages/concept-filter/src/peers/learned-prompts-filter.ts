import type { Matrix } from '@assay/core'
import { unitVector } from '../pairs/mean-direction.js'
import { sigmoid } from '../score/sigmoid.js'
import type { EmbeddingFilter } from './picture-filter.js'
import { assertCount, embeddingRows, weightRows } from './prepared-rows.js'

/** Two learned prompts: row 0 for acceptable pictures, row 1 for the others. */
export interface LearnedPromptsOptions {
  readonly id: string
  /** What row 1 stands for. */
  readonly concept: string
  readonly prompts: Matrix
  /** Whether prompts are made unit first. Default: true. */
  readonly unitPrompts?: boolean
}

/** Multiplier of cosines, that of CLIP, which both filters below use. */
const LOGIT_SCALE = 100

/**
 * A filter by the nearer of two learned prompts: a concept pair by another name, at a confidence of .5.
 * `score` is 100 (cos(x, row 1) - cos(x, row 0)); a tie passes.
 *
 * @throws AssayError `SHAPE_MISMATCH` (not two rows), `ZERO_VECTOR`, `NOT_FINITE`
 */
export function learnedPromptsFilter(options: LearnedPromptsOptions): EmbeddingFilter {
  const { id, concept, prompts, unitPrompts = true } = options
  assertCount(id, 'prompts', prompts.rows, 2)
  const [acceptable = new Float64Array(0), unacceptable = acceptable] = weightRows(prompts).map(
    (row) => (unitPrompts ? unitVector(id, row) : row),
  )
  const weights = unacceptable.map((value, at) => value - acceptable[at]!)
  return {
    id,
    fingerprint: prompts.fingerprint,
    rule: { kind: 'linear', id: concept, weights, bias: 0, threshold: 0 },
    check: (embeddings) =>
      embeddingRows(embeddings, prompts).map((row) => {
        const score = LOGIT_SCALE * row.cosine(weights)
        const flagged = score > 0
        const concepts = [{ name: concept, score: sigmoid(score), found: flagged }]
        return { id: row.id, flagged, score, threshold: 0, concepts }
      }),
  }
}

/**
 * Q16 over CLIP ViT-L/14: whether a picture is inappropriate, by two learned prompts.
 *
 * @param prompts `[2, 768]`
 * @throws AssayError as {@link learnedPromptsFilter}
 *
 * Source: Schramowski, Tauchmann, Kersting (2022), Can Machines Help Us Answering Question 16 in Datasheets.
 */
export const q16 = (prompts: Matrix): EmbeddingFilter =>
  learnedPromptsFilter({ id: 'q16', concept: 'inappropriate', prompts })

/**
 * LAION's violence prompts, over CLIP ViT-L/14 or ViT-B/32. They are taken as they are: their lengths
 * differ from 1, and from each other, by some 1e-4, and clip-retrieval does not make them unit.
 *
 * @param prompts `[2, 768]` or `[2, 512]`
 * @throws AssayError as {@link learnedPromptsFilter}
 *
 * Source: LAION-AI/CLIP-based-NSFW-Detector; rom1504/clip-retrieval for their use.
 */
export const laionViolence = (prompts: Matrix): EmbeddingFilter =>
  learnedPromptsFilter({ id: 'laion-violence', concept: 'violence', prompts, unitPrompts: false })

import { AssayError } from '@assay/core'
import type { EmbeddingRule } from '../certificates/embedding-rule.js'
import type { EmbeddingFilter } from './picture-filter.js'
import { assertCount, embeddingRows } from './prepared-rows.js'

/** A head that scores an embedding as weights · x + bias. */
export interface LinearHead {
  /** What it looks for. */
  readonly name: string
  readonly weights: ArrayLike<number>
  readonly bias: number
  /** Found above this score, which no sigmoid squeezes. Default: .5, that of DeepFloyd IF. */
  readonly threshold?: number
}

/** Linear heads of which any flags. */
export interface LinearHeadsOptions {
  readonly id: string
  /** One or more. */
  readonly heads: readonly LinearHead[]
  /** The encoder that the heads were made for. Default: not known. */
  readonly fingerprint?: string | null
}

/**
 * A filter of linear heads over raw embeddings, as the checker of DeepFloyd IF is: one head for unsafe
 * pictures and one for watermarks, on the CLIP ViT-L/14 embedding as it leaves the projection. `score` is
 * the largest distance of a head's score above its threshold. Raw and unit embeddings give other scores.
 *
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH`, `NOT_FINITE`
 *
 * Source: huggingface/diffusers, `IFSafetyChecker`.
 */
export function linearHeadsFilter(options: LinearHeadsOptions): EmbeddingFilter {
  const { id, heads: given, fingerprint = null } = options
  const heads = given.map((head) => checkedHead(id, head))
  const [first] = heads
  if (first === undefined) throw noHead(id)
  const columns = first.weights.length
  for (const { weights } of heads) assertCount(id, 'weights a head', weights.length, columns)
  return {
    id,
    fingerprint,
    rule: {
      kind: 'any',
      rules: heads.map((head): EmbeddingRule => ({ kind: 'linear', id: head.name, ...head })),
    },
    check: (embeddings) =>
      embeddingRows(embeddings, { columns, fingerprint }).map((row) => {
        const scores = heads.map(({ weights, bias }) => row.product(weights) + bias)
        const above = heads.map(({ threshold }, at) => scores[at]! - threshold)
        const concepts = heads.map(({ name }, at) => ({
          name,
          score: scores[at]!,
          found: above[at]! > 0,
        }))
        const score = Math.max(...above)
        return { id: row.id, flagged: score > 0, score, threshold: 0, concepts }
      }),
  }
}

function checkedHead(id: string, { name, weights, bias, threshold = 0.5 }: LinearHead) {
  const values = Float64Array.from(weights)
  if (values.every(Number.isFinite) && Number.isFinite(bias) && !Number.isNaN(threshold)) {
    return { name, weights: values, bias, threshold }
  }
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `The head "${name}" of the filter "${id}" holds a value that is no number.`,
    value: name,
    remedy: 'Check the file that it was read from.',
  })
}

const noHead = (id: string) =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: `The filter "${id}" has no head.`,
    value: id,
    remedy: 'Give one head or more.',
  })

import { AssayError, type Matrix } from '@assay/core'
import { sigmoid } from '../score/sigmoid.js'
import type { EmbeddingFilter } from './picture-filter.js'
import { assertCount, embeddingRows, weightRows } from './prepared-rows.js'

/** One head: linear, ReLU, batch normalisation as it is after training, linear, sigmoid. */
export interface UnsafeDiffusionHead {
  /** What it looks for; the release has sexual, violent, disturbing, hateful and political. */
  readonly name: string
  /** `[hidden, columns]`: 384 rows of 768 in the release. */
  readonly hidden: Matrix
  readonly hiddenBias: ArrayLike<number>
  /** Batch normalisation, one value a hidden unit each. */
  readonly normalization: {
    readonly scale: ArrayLike<number>
    readonly shift: ArrayLike<number>
    readonly mean: ArrayLike<number>
    readonly variance: ArrayLike<number>
  }
  readonly output: ArrayLike<number>
  readonly outputBias: number
}

/** Added to variances by the batch normalisation of PyTorch. */
const EPSILON = 1e-5

/**
 * The multi-headed classifier of Unsafe Diffusion over raw CLIP ViT-L/14 image embeddings. A picture is
 * flagged when the probability of any head is above .5; `score` is the largest of their logits, and
 * threshold 0. Lengths matter: give embeddings as they leave the projection, not unit ones.
 *
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NOT_FINITE`
 *
 * Source: Qu et al. (2023), Unsafe Diffusion: On the Generation of Unsafe Images and Hateful Memes From
 * Text-To-Image Models.
 */
export function unsafeDiffusion(given: readonly UnsafeDiffusionHead[]): EmbeddingFilter {
  const [first] = given
  if (first === undefined) throw noHead()
  const heads = given.map((head) => ({ name: head.name, logit: foldHead(head, first.hidden) }))
  return {
    id: 'unsafe-diffusion',
    fingerprint: first.hidden.fingerprint,
    rule: null,
    check: (embeddings) =>
      embeddingRows(embeddings, first.hidden).map((row) => {
        const logits = heads.map(({ logit }) => logit(row.product))
        const score = Math.max(...logits)
        const concepts = heads.map(({ name }, at) => ({
          name,
          score: sigmoid(logits[at]!),
          found: logits[at]! > 0,
        }))
        return { id: row.id, flagged: score > 0, score, threshold: 0, concepts }
      }),
  }
}

type Product = (vector: Float64Array) => number

/**
 * A head as one sum over hidden units: what follows the ReLU is linear, so the normalisation goes into the
 * output's weights. output · (scale (h - mean) / √(variance + ε) + shift) + bias.
 */
function foldHead(head: UnsafeDiffusionHead, first: Matrix): (product: Product) => number {
  const { name, hidden, hiddenBias, normalization, output, outputBias } = head
  const { scale, shift, mean, variance } = normalization
  assertCount('unsafe-diffusion', `columns in the head "${name}"`, hidden.columns, first.columns)
  for (const list of [hiddenBias, scale, shift, mean, variance, output]) {
    assertCount('unsafe-diffusion', `values in the head "${name}"`, list.length, hidden.rows)
  }
  const rows = weightRows(hidden)
  const weights = rows.map(
    (_, at) => (output[at]! * scale[at]!) / Math.sqrt(variance[at]! + EPSILON),
  )
  const bias = rows.reduce(
    (sum, _, at) => sum + output[at]! * shift[at]! - weights[at]! * mean[at]!,
    outputBias,
  )
  if (![bias, ...weights, ...Array.from(hiddenBias)].every(Number.isFinite)) throw notFinite(name)
  return (product) =>
    rows.reduce(
      (sum, row, at) => sum + weights[at]! * Math.max(0, product(row) + hiddenBias[at]!),
      bias,
    )
}

const noHead = () =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: 'The Unsafe Diffusion classifier has no head.',
    value: 0,
    remedy: 'Give one head or more; the release has five.',
  })

const notFinite = (name: string) =>
  new AssayError({
    code: 'NOT_FINITE',
    message: `The head "${name}" holds a value that is no number, or a negative variance.`,
    value: name,
    remedy: 'Check the file that it was read from.',
  })

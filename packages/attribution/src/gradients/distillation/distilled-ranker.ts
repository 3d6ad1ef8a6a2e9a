import type { HeadExpectations } from '../../head/attribution-head.js'

/** `W x + b`. */
export interface DenseLayer {
  readonly inputs: number
  readonly outputs: number
  /** `W`, `[outputs, inputs]`, row-major. */
  readonly weight: Float32Array
  /** `b`, `[outputs]`. */
  readonly bias: Float32Array
}

/**
 * A network that was taught by a slow attribution method: it embeds queries and training pictures alike,
 * and from the cosine of two embeddings it tells where the teacher would rank the picture (Wang et al.
 * 2025, "Fast data attribution for text-to-image models"). Made by `createDistilledRanker`; immutable by
 * agreement.
 */
export interface DistilledRanker {
  readonly specificationVersion: 1
  /** What features it was taught on, and so must be given. */
  readonly expects: HeadExpectations
  /** Factors and shifts of a layer normalisation of the features; null where there is none. */
  readonly inputNormalization: {
    readonly scale: Float32Array
    readonly shift: Float32Array
  } | null
  /** At least one, with a ReLU between each two. */
  readonly layers: readonly DenseLayer[]
  /** `a`. Its sign is learned: it is negative where a large cosine means a rank near the top. */
  readonly scale: number
  /** `c`. */
  readonly offset: number
  /** `distilled-ranker:` and the SHA-256 of all of the above. */
  readonly fingerprint: string
}

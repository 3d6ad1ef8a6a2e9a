import type { ItemFailure } from '../errors/item-failure.js'
import type { Matrix } from '../matrix/matrix.js'
import type { ImageInput } from './image.js'

/** What an encoder made of a batch. */
export interface EmbeddingBatch {
  /** One row for each item that succeeded, in input order, `ids` set. */
  readonly embeddings: Matrix
  /** One entry for each item that did not. */
  readonly failures: readonly ItemFailure[]
}

interface Encoder {
  readonly specificationVersion: 1
  /** Identifier of the model, for instance `assay/tiny-clip`. */
  readonly id: string
  /** Length of an embedding. */
  readonly dimensions: number
  /** Joint embedding space: pictures and prompts of encoders with equal spaces may be compared. */
  readonly space: string
  /** Hash over weights and preprocessing; goes into every matrix and result. */
  readonly fingerprint: string
}

/** Pictures to embeddings. */
export interface ImageEncoder extends Encoder {
  embedImages(
    images: readonly ImageInput[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<EmbeddingBatch>
}

/** Prompts to embeddings. */
export interface TextEncoder extends Encoder {
  embedTexts(
    texts: readonly { readonly id: string; readonly text: string }[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<EmbeddingBatch>
}

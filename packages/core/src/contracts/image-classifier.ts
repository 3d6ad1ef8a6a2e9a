import type { ItemFailure } from '../errors/item-failure.js'
import type { Matrix } from '../matrix/matrix.js'
import type { ImageInput } from './image.js'

/** Pictures to class probabilities. */
export interface ImageClassifier {
  readonly specificationVersion: 1
  readonly id: string
  readonly fingerprint: string | null
  /** Class names, one a column of the probabilities. */
  readonly labels: readonly string[]
  classify(
    images: readonly ImageInput[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<{
    /** One row for each picture that succeeded, each summing to 1. */
    readonly probabilities: Matrix
    readonly failures: readonly ItemFailure[]
  }>
}

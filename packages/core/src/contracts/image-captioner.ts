import type { ItemFailure } from '../errors/item-failure.js'
import type { ImageInput } from './image.js'

/** Pictures to captions. */
export interface ImageCaptioner {
  readonly specificationVersion: 1
  readonly id: string
  readonly fingerprint: string | null
  caption(
    images: readonly ImageInput[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<{
    readonly captions: readonly { readonly id: string; readonly caption: string }[]
    readonly failures: readonly ItemFailure[]
  }>
}

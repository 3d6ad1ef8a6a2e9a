import { AssayError, type Matrix, type TextEncoder } from '@assay/core'

/** Texts to embed, in order. */
export interface CaptionTexts {
  readonly encoder: TextEncoder
  readonly texts: readonly { readonly id: string; readonly text: string }[]
  readonly signal?: AbortSignal | undefined
}

/**
 * The embeddings of all texts, one row each.
 *
 * @throws AssayError the first failure, where one of them cannot be embedded
 */
export async function embedCaptions({ encoder, texts, signal }: CaptionTexts): Promise<Matrix> {
  const { embeddings, failures } = await encoder.embedTexts(texts, signal && { signal })
  const [failure] = failures
  if (failure === undefined) return embeddings
  throw new AssayError({
    code: failure.code,
    message: `The text of ${failure.id} was not embedded: ${failure.message}`,
    value: failure.id,
    remedy: 'Change the text, or match prompts by words only.',
    location: failure.location,
  })
}

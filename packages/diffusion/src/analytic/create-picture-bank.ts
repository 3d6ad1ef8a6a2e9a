import { createMatrix, type TextEncoder } from '@assay/core'
import { type BankPicture, bankPixels } from './bank-pixels.js'
import { captionText } from './caption-text.js'
import { embedCaptions } from './embed-captions.js'
import type { PictureBank } from './picture-bank.js'
import { sealPictureBank } from './seal-picture-bank.js'

/** What a bank is made of. */
export interface CreatePictureBankOptions {
  /** At least one; all of one size. */
  readonly pictures: readonly BankPicture[]
  /** Embeds the captions. Default: none, prompts are matched by words only */
  readonly textEncoder?: TextEncoder
  readonly signal?: AbortSignal
}

/**
 * A bank of captioned pictures for the analytic generators.
 *
 * @throws AssayError `EMPTY_INPUT` without a picture; `DUPLICATE_ID`; `INVALID_ARGUMENT` for an empty
 *   id or caption; `SHAPE_MISMATCH` for pictures of two sizes or with pixels missing; what the encoder
 *   throws, or the first caption that it cannot embed; `ABORTED`
 */
export async function createPictureBank(options: CreatePictureBankOptions): Promise<PictureBank> {
  const { pictures, textEncoder: encoder, signal } = options
  const pixels = bankPixels(pictures)
  if (encoder === undefined) return sealPictureBank({ ...pixels, captionEmbeddings: null })
  const texts = pixels.captions.map((caption) => ({ id: caption.id, text: captionText(caption) }))
  const { data, columns } = await embedCaptions({ encoder, texts, signal })
  const vectors = createMatrix({ data, columns })
  return sealPictureBank({ ...pixels, captionEmbeddings: { space: encoder.space, vectors } })
}

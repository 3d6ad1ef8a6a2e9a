import { AssayError, createMatrix, type Matrix } from '@assay/core'
import { type CreatePictureBankOptions, createPictureBank } from './create-picture-bank.js'
import type { CaptionEmbeddings, PictureBank } from './picture-bank.js'
import { sealPictureBank } from './seal-picture-bank.js'

/**
 * A bank with further pictures at its end, for instance the exemplars that a model is customised with.
 * The bank itself stays as it is.
 *
 * @throws AssayError as `createPictureBank` does; `MISSING_INPUT` without the text encoder of a bank
 *   with caption embeddings, `FINGERPRINT_MISMATCH` for one of another space
 */
export async function extendPictureBank(
  bank: PictureBank,
  options: CreatePictureBankOptions,
): Promise<PictureBank> {
  const { width, height } = bank
  assertEncoder(bank, options)
  const added = await createPictureBank(options)
  assertFits(bank, added)
  const pixels = new Uint8Array(bank.pixels.length + added.pixels.length)
  pixels.set(bank.pixels)
  pixels.set(added.pixels, bank.pixels.length)
  const captions = [...bank.captions, ...added.captions]
  const captionEmbeddings = joined(bank.captionEmbeddings, added.captionEmbeddings)
  return sealPictureBank({ width, height, captions, pixels, captionEmbeddings })
}

function assertEncoder(
  { captionEmbeddings }: PictureBank,
  { textEncoder }: CreatePictureBankOptions,
): void {
  if (captionEmbeddings === null || textEncoder?.space === captionEmbeddings.space) return
  const { space } = captionEmbeddings
  throw new AssayError({
    code: textEncoder === undefined ? 'MISSING_INPUT' : 'FINGERPRINT_MISMATCH',
    message: `The bank's captions are embedded in the space ${space}, the new ones ${
      textEncoder === undefined ? 'not at all' : `would be in ${textEncoder.space}`
    }.`,
    value: textEncoder?.space,
    remedy: 'Pass the text encoder of the bank.',
  })
}

function assertFits(bank: PictureBank, added: PictureBank): void {
  if (bank.width !== added.width || bank.height !== added.height) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `The new pictures are ${added.width} x ${added.height}, the bank's ${bank.width} x ${bank.height}.`,
      value: [added.width, added.height],
      remedy: 'Resize them to the size of the bank.',
    })
  }
  const ids = new Set(bank.captions.map(({ id }) => id))
  const twice = added.captions.find(({ id }) => ids.has(id))
  if (twice === undefined) return
  throw new AssayError({
    code: 'DUPLICATE_ID',
    message: `The bank has a picture ${JSON.stringify(twice.id)} already.`,
    value: twice.id,
    remedy: 'Give every picture an id of its own.',
    location: { id: twice.id },
  })
}

function joined(
  own: CaptionEmbeddings | null,
  added: CaptionEmbeddings | null,
): CaptionEmbeddings | null {
  if (own === null || added === null) return null
  return { space: own.space, vectors: stacked(own.vectors, added.vectors) }
}

function stacked(upper: Matrix, lower: Matrix): Matrix {
  const data = new Float32Array(upper.data.length + lower.data.length)
  data.set(upper.data)
  data.set(lower.data, upper.data.length)
  return createMatrix({ data, columns: upper.columns })
}

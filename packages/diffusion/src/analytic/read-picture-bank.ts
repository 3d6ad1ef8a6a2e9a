import { join } from 'node:path'
import { AssayError, createMatrix, type RgbImage } from '@assay/core'
import { decodeFloat16, parseSafetensors } from '@assay/core/formats'
import { decodeImage } from '@assay/embed'
import { readJson } from '@assay/store'
import { type BankPicture, bankPixels } from './bank-pixels.js'
import type { CaptionEmbeddings, PictureBank } from './picture-bank.js'
import {
  captionLineSchema,
  type PictureBankCard,
  pictureBankCardSchema,
} from './picture-bank-card.js'
import { readBankFile } from './read-bank-file.js'
import { sealPictureBank } from './seal-picture-bank.js'

const cardBytes = 2 ** 20
/** Half a second on a quiet core; the limit is for machines that are not. */
const decodingSeconds = 120

/**
 * A bank from its folder, for instance `bank` of `@assay/tiny-world`: `bank.json` and the files that it
 * names, which must have the hashes it says.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`; `MALFORMED_METADATA` where `bank.json` or the
 *   captions have another form, or the files do not fit together; `MODEL_HASH_MISMATCH`;
 *   `MALFORMED_SAFETENSORS`; what `decodeImage` and `createPictureBank` throw; `ABORTED`
 */
export async function readPictureBank(
  folder: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<PictureBank> {
  const card = await readCard(join(folder, 'bank.json'))
  const captions = await readCaptions(folder, card)
  const atlas = await decodeImage(await readBankFile(folder, card.pictures), {
    name: join(folder, card.pictures.path),
    limits: { seconds: decodingSeconds },
    ...options,
  })
  const rows = Math.ceil(card.count / card.columns)
  if (atlas.width !== card.columns * card.width || atlas.height !== rows * card.height) {
    throw malformed(folder, `a picture of ${atlas.width} x ${atlas.height} holds no such tiles`)
  }
  const pictures = captions.map((caption, at) => ({ ...caption, image: tileOf(atlas, card, at) }))
  const captionEmbeddings = await readEmbeddings(folder, card)
  return sealPictureBank({ ...bankPixels(pictures), captionEmbeddings })
}

async function readCard(path: string): Promise<PictureBankCard> {
  const card = pictureBankCardSchema.safeParse(await readJson(path, { bytes: cardBytes }))
  if (card.success) return card.data
  const [issue] = card.error.issues
  throw malformed(path, `${issue?.path.join('.')}: ${issue?.message}`)
}

async function readCaptions(
  folder: string,
  { captions, count }: PictureBankCard,
): Promise<readonly Omit<BankPicture, 'image'>[]> {
  const file = join(folder, captions.path)
  const lines = new TextDecoder()
    .decode(await readBankFile(folder, captions))
    .trimEnd()
    .split('\n')
  if (lines.length !== count)
    throw malformed(file, `it has ${lines.length} lines for ${count} pictures`)
  return lines.map((line, at) => {
    const row = captionLineSchema.safeParse(jsonOf(line))
    if (!row.success) throw malformed(file, `line ${at + 1} is no caption`)
    const { id, name, style, tags } = row.data
    return { id, caption: name, tags, ...(style !== undefined && { style }) }
  })
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function tileOf(
  atlas: RgbImage,
  { width, height, columns }: PictureBankCard,
  at: number,
): RgbImage {
  const data = new Uint8Array(3 * width * height)
  const corner = Math.floor(at / columns) * height * atlas.width + (at % columns) * width
  for (let y = 0; y < height; y++) {
    const from = 3 * (corner + y * atlas.width)
    data.set(atlas.data.subarray(from, from + 3 * width), 3 * y * width)
  }
  return { width, height, data }
}

async function readEmbeddings(
  folder: string,
  { captionEmbeddings, count }: PictureBankCard,
): Promise<CaptionEmbeddings | null> {
  if (captionEmbeddings === null) return null
  const file = join(folder, captionEmbeddings.path)
  const bytes = await readBankFile(folder, captionEmbeddings)
  const { metadata, tensors } = parseSafetensors(bytes, { file })
  const vectors = tensors.get('vectors')
  const space = metadata.get('space')
  const [rows, columns, ...rest] = vectors?.dims ?? []
  const isFloat16 = vectors?.type === 'float16' && rest.length === 0
  if (!isFloat16 || space === undefined || rows !== count || columns === undefined) {
    throw malformed(file, `it holds no float16 vectors for ${count} captions with their space`)
  }
  const data = decodeFloat16(vectors.data)
  return { space, vectors: createMatrix({ data, columns, requireFinite: true }) }
}

const malformed = (file: string, reason: string): AssayError =>
  new AssayError({
    code: 'MALFORMED_METADATA',
    message: `The picture bank ${file} cannot be read: ${reason}.`,
    value: reason,
    remedy: 'Install it again, or make it anew as the recipe `bank.mjs` does.',
    location: { file },
  })

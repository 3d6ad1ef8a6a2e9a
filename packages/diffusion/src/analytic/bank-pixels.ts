import { AssayError, type RgbImage } from '@assay/core'
import type { PictureBank } from './picture-bank.js'

/** A picture to put into a bank. */
export interface BankPicture {
  /** Unique in its bank. */
  readonly id: string
  /** What it shows. */
  readonly caption: string
  /** How it is drawn, in a word. Default: not said */
  readonly style?: string
  /** Further words for it; they count half. Default: none */
  readonly tags?: readonly string[]
  /** As large as all others. */
  readonly image: RgbImage
}

/**
 * Pictures and captions as a bank keeps them.
 *
 * @throws AssayError `EMPTY_INPUT`, `DUPLICATE_ID`, `INVALID_ARGUMENT`, `SHAPE_MISMATCH`
 */
export function bankPixels(
  pictures: readonly BankPicture[],
): Omit<PictureBank, 'captionEmbeddings' | 'fingerprint'> {
  const [first] = pictures
  if (first === undefined) throw empty()
  const { width, height } = first.image
  const ids = new Set<string>()
  const pixels = new Uint8Array(pictures.length * first.image.data.length)
  const captions = pictures.map((picture, row) => {
    assertPicture(picture, { width, height })
    const { id, caption, style = null, tags = [], image } = picture
    if (ids.has(id)) throw duplicate(id)
    ids.add(id)
    writePlanes(pixels.subarray(row * image.data.length), image.data)
    return { id, caption, style, tags }
  })
  return { width, height, captions, pixels }
}

/** Interleaved pixels as three planes. */
function writePlanes(planes: Uint8Array, interleaved: Uint8Array): void {
  const pixels = interleaved.length / 3
  for (let pixel = 0; pixel < pixels; pixel++) {
    planes[pixel] = interleaved[3 * pixel]!
    planes[pixel + pixels] = interleaved[3 * pixel + 1]!
    planes[pixel + 2 * pixels] = interleaved[3 * pixel + 2]!
  }
}

function assertPicture(
  { id, caption, image }: BankPicture,
  { width, height }: Pick<RgbImage, 'width' | 'height'>,
): void {
  if (id === '' || caption === '') {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `A picture has the id ${JSON.stringify(id)} and the caption ${JSON.stringify(caption)}.`,
      value: id,
      remedy: 'Give every picture an id and a caption.',
      location: { id },
    })
  }
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0
  const isAlike = image.width === width && image.height === height
  if (isWhole && isAlike && image.data.length === 3 * width * height) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${id} is ${image.width} x ${image.height} with ${image.data.length} bytes, where ${width} x ${height} with 3 bytes a pixel is wanted.`,
    value: [image.width, image.height],
    remedy: 'Resize all pictures to the size of the first, with 3 bytes a pixel.',
    location: { id },
  })
}

const empty = (): AssayError =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: 'A bank needs at least one picture.',
    value: [],
    remedy: 'Pass captioned pictures.',
  })

const duplicate = (id: string): AssayError =>
  new AssayError({
    code: 'DUPLICATE_ID',
    message: `Two pictures of the bank have the id ${JSON.stringify(id)}.`,
    value: id,
    remedy: 'Give every picture an id of its own.',
    location: { id },
  })

import { AssayError, type RgbImage } from '@assay/core'
import type { Metadata, Sharp } from 'sharp'
import {
  type ActOnPictureOptions,
  actOnPicture,
  flaggedError,
} from '../../actions/act-on-picture.js'
import type { PictureOutcome } from '../../actions/picture-action.js'
import { loadSharp, openPixels } from '../transforms/picture-sharp.js'
import { pictureFormat } from './picture-format.js'

/** Quality of JPEG and WebP files that are written anew. */
const QUALITY = 90

/** Most pixels that are decoded, 8192 x 8192: a small file can hold a picture that fills the memory. */
const MOST_PIXELS = 8192 ** 2

/** A picture file, what the filter said of it, and what is done if it was flagged. */
export interface ActOnPictureFileOptions extends Omit<ActOnPictureOptions, 'image'> {
  /** Content of a PNG, JPEG or WebP file. */
  readonly bytes: Uint8Array
}

/** A picture file after the action. */
export interface ActedPictureFile {
  readonly outcome: PictureOutcome
  /** In the format of the file that was given; its very bytes where the picture was passed or reported. */
  readonly bytes: Uint8Array
}

/**
 * {@link actOnPicture} for the content of a picture file. Format, size and channels stay; a WebP loses alpha,
 * and 16 bits become 8. A file that is changed is opaque and has no metadata, as a transparent outline, a
 * thumbnail in EXIF or a prompt in a text chunk would tell what was replaced; an animation becomes one
 * picture.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` without the optional peer sharp, `IMAGE_UNSUPPORTED_FORMAT`,
 *   `IMAGE_TOO_LARGE`, `IMAGE_CORRUPT`, and what {@link actOnPicture} throws
 */
export async function actOnPictureFile(
  options: ActOnPictureFileOptions,
): Promise<ActedPictureFile> {
  const { bytes, decision, action } = options
  if (!decision.flagged) return { outcome: 'passed', bytes }
  if (action.kind === 'report') return { outcome: 'reported', bytes }
  // An error needs no pixels: it is thrown for broken files, too.
  if (action.kind === 'throw') throw flaggedError(decision)
  const { image, form } = await decode(bytes, decision.id)
  const acted = await actOnPicture({ image, decision, action })
  return { outcome: acted.outcome, bytes: await encode(acted.image, form) }
}

/** What is kept of a file. */
type PictureForm = Pick<Metadata, 'format' | 'space' | 'hasAlpha'>

interface DecodedPicture {
  readonly image: RgbImage
  readonly form: PictureForm
}

async function decode(bytes: Uint8Array, id: string): Promise<DecodedPicture> {
  const format = pictureFormat(bytes)
  if (format === null) throw pictureError('IMAGE_UNSUPPORTED_FORMAT', id, 'is no PNG, JPEG or WebP')
  const sharp = await loadSharp()
  const decoder = sharp(bytes, { failOn: 'warning', limitInputPixels: false, autoOrient: true })
  try {
    const form = await decoder.metadata()
    if (form.format !== format) {
      throw pictureError('IMAGE_UNSUPPORTED_FORMAT', id, `begins as ${format}, but holds another`)
    }
    if (form.width * form.height > MOST_PIXELS) {
      throw pictureError('IMAGE_TOO_LARGE', id, `has more than ${MOST_PIXELS} pixels`)
    }
    return { image: await pixelsOf(decoder), form }
  } catch (error) {
    if (AssayError.isInstance(error)) throw error
    throw pictureError('IMAGE_CORRUPT', id, 'cannot be decoded', error)
  }
}

async function pixelsOf(decoder: Sharp): Promise<RgbImage> {
  const { data, info } = await decoder
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

async function encode(image: RgbImage, { format, space, hasAlpha }: PictureForm) {
  const pixels = await openPixels(image)
  if (space === 'b-w' || space === 'grey16') pixels.toColourspace('b-w')
  if (space === 'cmyk') pixels.toColourspace('cmyk')
  if (hasAlpha) pixels.ensureAlpha(1)
  const options = format === 'png' ? {} : { quality: QUALITY }
  return new Uint8Array(await pixels.toFormat(format, options).toBuffer())
}

const pictureError = (
  code: 'IMAGE_UNSUPPORTED_FORMAT' | 'IMAGE_TOO_LARGE' | 'IMAGE_CORRUPT',
  id: string,
  reason: string,
  cause?: unknown,
) =>
  new AssayError({
    code,
    message: `The picture "${id}" ${reason}.`,
    value: id,
    remedy: 'Hold the picture back: it was flagged, and could not be replaced.',
    location: { id },
    cause,
  })

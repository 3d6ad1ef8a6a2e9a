import { AssayError, type RgbImage } from '@assay/core'
import type { Metadata, Sharp } from 'sharp'
import { assertModest } from './assert-modest.js'
import { sharp } from './configured-sharp.js'
import type { Container } from './containers/container.js'
import { describeContent, identifyImage } from './identify-image.js'
import { imageError } from './image-error.js'
import { defaultImageLimits, type ImageLimits } from './image-limits.js'
import { fromInks, overBackground, packRgb } from './pack-rgb.js'
import { assertFileSize, readImageFile } from './read-image-file.js'
import { withDeadline } from './with-deadline.js'

/** Red, green and blue, each 0 to 255. */
export type RgbColour = readonly [red: number, green: number, blue: number]

/** How a picture is decoded. */
export interface DecodeImageOptions {
  /** Limits other than the defaults, see {@link defaultImageLimits}. */
  readonly limits?: Partial<ImageLimits>
  /** What lies behind transparent pixels. Default white. */
  readonly background?: RgbColour
  /**
   * `ignore` (default): values are taken for sRGB whatever profile is embedded, as most Python pipelines
   * do. `convert`: an embedded ICC profile is applied, as programs that show pictures do.
   */
  readonly colourProfile?: 'ignore' | 'convert'
  /** What errors call the picture. Default: its path, or nothing where the source is bytes. */
  readonly name?: string
  readonly signal?: AbortSignal
}

interface Picture {
  readonly bytes: Uint8Array
  readonly file: string | null
  readonly limits: ImageLimits
  readonly background: RgbColour
  readonly colourProfile: 'ignore' | 'convert'
}

/**
 * Pixels of a JPEG, PNG, WebP or AVIF, told by its content and never by its name; anything else is
 * refused. Size, completeness and kind are checked before a pixel is decoded. Kinds of pictures that
 * are not plain 8-bit sRGB follow {@link decodingRules}. A warning of a decoder is an error, because the
 * pixels behind it may be invented.
 *
 * The time limit counts from the call: keep no more than a few calls for each core in flight.
 *
 * @param source path of a picture file, or its bytes, which must not change until the call is done
 * @returns 8-bit sRGB pixels without alpha
 * @throws AssayError of kind `image`, naming file and reason: `IMAGE_UNREADABLE`,
 *   `IMAGE_UNSUPPORTED_FORMAT`, `IMAGE_TOO_LARGE`, `IMAGE_TRUNCATED`, `IMAGE_CORRUPT`,
 *   `IMAGE_TIMEOUT`; `ABORTED` after the signal
 */
export async function decodeImage(
  source: string | Uint8Array,
  options: DecodeImageOptions = {},
): Promise<RgbImage> {
  const { limits: given, background = [255, 255, 255], name, signal } = options
  const { colourProfile = 'ignore' } = options
  const limits = { ...defaultImageLimits, ...given }
  const file = name ?? (typeof source === 'string' ? source : null)
  const late = () =>
    imageError({
      code: 'IMAGE_TIMEOUT',
      file,
      reason: `was not decoded within ${limits.seconds} s`,
      value: limits.seconds,
    })
  return withDeadline({ seconds: limits.seconds, late, signal }, async () => {
    const bytes =
      typeof source === 'string'
        ? await readImageFile({ path: source, file: file ?? source, fileBytes: limits.fileBytes })
        : source
    assertFileSize(bytes.length, limits.fileBytes, file)
    return decodeBytes({ bytes, file, limits, background, colourProfile })
  })
}

async function decodeBytes(picture: Picture): Promise<RgbImage> {
  const container = assertContainer(picture)
  await assertModest(picture, container)
  const decoder = sharp(picture.bytes, {
    failOn: 'warning',
    limitInputPixels: picture.limits.pixels,
    autoOrient: true,
    sequentialRead: true,
    ignoreIcc: picture.colourProfile === 'ignore',
  })
  try {
    const header = await decoder.metadata()
    assertHeader(picture, container, header)
    return await decodePixels(decoder, header, picture)
  } catch (error) {
    throw AssayError.isInstance(error) ? error : decoderError(picture, error)
  }
}

function assertContainer({ bytes, file }: Picture): Container {
  const container = identifyImage(bytes)
  if (container === null) {
    const reason = bytes.length === 0 ? 'is empty' : `is not supported: ${describeContent(bytes)}`
    throw imageError({ code: 'IMAGE_UNSUPPORTED_FORMAT', file, reason })
  }
  if (!container.isComplete(bytes)) {
    const reason = `is a ${container.format} that breaks off after ${bytes.length} bytes`
    throw imageError({ code: 'IMAGE_TRUNCATED', file, reason, value: bytes.length })
  }
  return container
}

/** Refuses by the header what must not be decoded: another format inside, or too many pixels. */
function assertHeader(picture: Picture, { format }: Container, header: Metadata): void {
  const { file, limits } = picture
  const agrees =
    format === 'avif'
      ? header.format === 'heif' && header.compression === 'av1'
      : header.format === format
  if (!agrees) {
    const reason = `begins as ${format} but holds ${header.compression ?? header.format}`
    throw imageError({ code: 'IMAGE_UNSUPPORTED_FORMAT', file, reason })
  }
  const { width, height, isProgressive } = header
  const limit = isProgressive ? Math.min(limits.pixels, limits.progressivePixels) : limits.pixels
  if (width * height > limit) {
    const kind = isProgressive ? 'progressive pixels' : 'pixels'
    const reason = `has ${width} x ${height} ${kind}, over the limit of ${limit}`
    throw imageError({ code: 'IMAGE_TOO_LARGE', file, reason, value: width * height })
  }
}

async function decodePixels(
  decoder: Sharp,
  { space, hasProfile }: Metadata,
  { limits, background, colourProfile }: Picture,
): Promise<RgbImage> {
  const asInks = space === 'cmyk' && !(hasProfile && colourProfile === 'convert')
  if (asInks) decoder.pipelineColourspace('cmyk').toColourspace('cmyk')
  else decoder.toColourspace('srgb')
  const { data, info } = await decoder
    .raw()
    .timeout({ seconds: Math.ceil(limits.seconds) })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const fits = channels === 4 || (channels === 3 && !asInks)
  if (!fits || data.length !== width * height * channels) {
    throw new AssayError({
      code: 'INTERNAL',
      message: `Decoding gave ${channels} channels and ${data.length} bytes for ${width} x ${height}.`,
      value: info,
      remedy: 'Report this picture as a fault of Assay.',
    })
  }
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length)
  if (channels === 3) return { width, height, data: pixels }
  const rule = asInks ? fromInks : overBackground(background)
  return { width, height, data: await packRgb(pixels, rule) }
}

/** libvips tells faults by sentences only; they decide between codes, never between right and wrong. */
function decoderError({ file, limits }: Picture, cause: unknown): AssayError {
  const sentence = (cause instanceof Error ? cause.message : String(cause))
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (/pixel limit/i.test(sentence)) {
    const reason = `has more pixels than the limit of ${limits.pixels}`
    return imageError({ code: 'IMAGE_TOO_LARGE', file, reason, cause })
  }
  if (/^timeout:/i.test(sentence)) {
    const reason = `was not decoded within ${limits.seconds} s`
    return imageError({ code: 'IMAGE_TIMEOUT', file, reason, cause })
  }
  const truncated = /premature end of JPEG|end of file|read error/i.test(sentence)
  const code = truncated ? 'IMAGE_TRUNCATED' : 'IMAGE_CORRUPT'
  return imageError({ code, file, reason: `cannot be decoded (${sentence.slice(0, 200)})`, cause })
}

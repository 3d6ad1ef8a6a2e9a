import { AssayError, type RgbImage } from '@assay/core'
import type { PictureTransform } from '../../attacks/transforms/picture-transform.js'
import { loadSharp, openPixels, readPixels } from './picture-sharp.js'

/** Where a word is written. */
export type OverlayPosition = 'top' | 'centre' | 'bottom'

/** What is written, and how. */
export interface TypographicOverlayOptions {
  /** A word: that of the acceptable side on unacceptable pictures, of the unacceptable side on clean ones. */
  readonly text: string
  /** Heights of the word in percent of the picture's; it gets narrower where it would not fit. Default: 5 to 25 */
  readonly heights?: readonly number[]
  /** Default: all three */
  readonly positions?: readonly OverlayPosition[]
  /** CSS colours. Default: blue, yellow, black; one that is the picture's own ground shows nothing. */
  readonly colours?: readonly string[]
  /** Path of a font file, to draw the same on every machine. Default: what the system has for `sans bold` */
  readonly fontFile?: string
}

const anywhere: readonly OverlayPosition[] = ['top', 'centre', 'bottom']

/**
 * Words written over pictures, which CLIP reads as if they were what is shown: one transform for each
 * position and colour, its severity the height of the word.
 *
 * @throws AssayError `EMPTY_INPUT` without a text; from `apply`: `ENGINE_UNAVAILABLE` without sharp or
 *   without a font that has the letters
 *
 * Source: Goh et al. (2021), Multimodal neurons in artificial neural networks; the attack Typo of Espresso
 * (2024).
 */
export function typographicOverlays(
  options: TypographicOverlayOptions,
): readonly PictureTransform[] {
  const { text, heights = [5, 10, 15, 20, 25], fontFile } = options
  const { positions = anywhere, colours = ['blue', 'yellow', 'black'] } = options
  if (text.trim() === '') throw noText(text)
  return positions.flatMap((position) =>
    colours.map((colour) => ({
      id: `text-${position}-${colour}`,
      unit: 'percent of the height',
      severities: heights,
      apply: (image: RgbImage, height: number) =>
        write(image, { text, position, colour, height, ...(fontFile ? { fontFile } : {}) }),
    })),
  )
}

interface Overlay {
  readonly text: string
  readonly position: OverlayPosition
  readonly colour: string
  readonly height: number
  readonly fontFile?: string
}

async function write(image: RgbImage, overlay: Overlay): Promise<RgbImage> {
  const mask = await wordMask(image, overlay)
  const sharp = await loadSharp()
  const word = await sharp({
    create: { width: mask.width, height: mask.height, channels: 3, background: overlay.colour },
  })
    .joinChannel(mask.data, { raw: { width: mask.width, height: mask.height, channels: 1 } })
    .png()
    .toBuffer()
  const left = Math.floor((image.width - mask.width) / 2)
  const room = image.height - mask.height
  const top = { top: 0, centre: Math.floor(room / 2), bottom: room }[overlay.position]
  return readPixels((await openPixels(image)).composite([{ input: word, left, top }]))
}

/** The word's coverage, one value a pixel, as high as wanted and no wider than the picture. */
async function wordMask(image: RgbImage, { text, height, fontFile }: Overlay) {
  const sharp = await loadSharp()
  const rows = Math.min(image.height, Math.max(1, Math.round((image.height * height) / 100)))
  const drawn = await drawLarge(text, fontFile)
  const columns = Math.round((drawn.info.width * rows) / drawn.info.height)
  const { data, info } = await sharp(drawn.data)
    .resize(Math.min(image.width, Math.max(1, columns)), rows, { fit: 'fill' })
    .extractChannel('alpha')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (data.some((value) => value > 0)) return { data, width: info.width, height: info.height }
  throw noInk(text)
}

/** Ink much larger than needed, to be scaled down: fonts hinted at small sizes differ between machines. */
async function drawLarge(text: string, fontFile: string | undefined) {
  const sharp = await loadSharp()
  const font = { font: 'sans bold 64', ...(fontFile ? { fontfile: fontFile } : {}) }
  try {
    return await sharp({ text: { text: escapeMarkup(text), rgba: true, dpi: 96, ...font } })
      .trim()
      .png()
      .toBuffer({ resolveWithObject: true })
  } catch (cause) {
    throw noInk(text, cause)
  }
}

const escapeMarkup = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)

const noText = (text: string) =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: 'A typographic overlay has no word to write.',
    value: text,
    remedy: "Give the word of the pair's other side.",
  })

const noInk = (text: string, cause?: unknown) =>
  new AssayError({
    code: 'ENGINE_UNAVAILABLE',
    message: `The word "${text}" cannot be drawn: no font has its letters.`,
    value: text,
    remedy: 'Install a font, for instance DejaVu Sans, or give the path of one as `fontFile`.',
    cause,
  })

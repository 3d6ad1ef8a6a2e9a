import { AssayError, type RgbImage } from '@assay/core'
import { decodeImage } from '@assay/embed'
import sharp, { type OverlayOptions } from 'sharp'
import { assertNotAborted } from '../sampling/sampling-errors.js'
import { sheetLabel } from './sheet-label.js'

/** A picture on a sheet. */
export interface SheetPicture {
  /** Path of a picture file, its bytes, or pixels. */
  readonly source: string | Uint8Array | RgbImage
  /** Text under it, cut after two lines. Default: none */
  readonly label?: string
}

/** What stands on a sheet, and how. */
export interface ContactSheetOptions {
  /** At least one; row after row, from left to right. */
  readonly pictures: readonly SheetPicture[]
  /** Pictures in a row, at least 1. Default: as many as make the sheet a square */
  readonly columns?: number
  /** Side of the square that a picture is fitted into, in pixels, at least 16. Default: 128 */
  readonly tile?: number
  readonly signal?: AbortSignal
}

/** Pixels between pictures and around them. */
const gap = 8

/** Height of two lines of text, in pixels. */
const labelHeight = 30

/** Largest sheet in pixels: what takes it in still opens. */
const mostPixels = 100e6

/**
 * Many pictures on one, to look at: a PNG on white. A small picture is enlarged by a whole factor with
 * its pixels kept square, a large one is made smaller. Labels are written in the system's font; on a
 * machine without fonts they are boxes.
 *
 * @throws AssayError `EMPTY_INPUT`, `INVALID_ARGUMENT`, `LIMIT_EXCEEDED` for a sheet of more than 100
 *   megapixels; of kind `image` for a picture that cannot be read; `ABORTED`
 */
export async function contactSheet(options: ContactSheetOptions): Promise<Uint8Array> {
  const { pictures, tile = 128, signal } = options
  const { columns = Math.ceil(Math.sqrt(pictures.length)) } = options
  if (pictures.length === 0) throw nothingToShow()
  assertAtLeast('number of columns', columns, 1)
  assertAtLeast('tile', tile, 16)
  const cell = tile + gap
  const cellHeight = cell + (pictures.some(({ label }) => label) ? labelHeight : 0)
  const width = gap + cell * Math.min(columns, pictures.length)
  const height = gap + cellHeight * Math.ceil(pictures.length / columns)
  if (width * height > mostPixels) throw tooLarge(width, height)
  const layers: OverlayOptions[] = []
  for (const [index, { source, label }] of pictures.entries()) {
    assertNotAborted(signal)
    const left = gap + (index % columns) * cell
    const top = gap + Math.floor(index / columns) * cellHeight
    layers.push(await pictureLayer(source, { left, top, tile }))
    const text = label && (await sheetLabel(label, { width: tile, height: labelHeight }))
    if (text) layers.push({ input: text, left, top: top + tile + 2 })
  }
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite(layers)
    .png()
    .toBuffer()
}

async function pictureLayer(
  source: SheetPicture['source'],
  { left, top, tile }: { readonly left: number; readonly top: number; readonly tile: number },
): Promise<OverlayOptions> {
  const isFile = typeof source === 'string' || source instanceof Uint8Array
  const image = isFile ? await decodeImage(source, { colourProfile: 'convert' }) : source
  const { data, info } = await fitted(image, tile)
  const { width, height, channels } = info
  return {
    input: data,
    raw: { width, height, channels },
    left: left + Math.floor((tile - width) / 2),
    top: top + Math.floor((tile - height) / 2),
  }
}

function fitted({ data, width, height }: RgbImage, tile: number) {
  const longest = Math.max(width, height)
  const factor = Math.max(1, Math.floor(tile / longest))
  const kernel = longest > tile ? ('lanczos3' as const) : ('nearest' as const)
  const [wide, high] = longest > tile ? [tile, tile] : [width * factor, height * factor]
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(wide, high, { fit: 'inside', kernel })
    .raw()
    .toBuffer({ resolveWithObject: true })
}

function assertAtLeast(what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${what} is ${value}.`,
    value,
    remedy: `Give a whole number of at least ${least}.`,
  })
}

const nothingToShow = () =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: 'A sheet of no pictures shows nothing.',
    remedy: 'Give at least one picture.',
  })

const tooLarge = (width: number, height: number) =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `The sheet would have ${width} x ${height} pixels, more than ${mostPixels}.`,
    value: { width, height },
    remedy: 'Show fewer pictures, or smaller tiles.',
  })

import type { RgbImage } from '@assay/core'
import { AssayError } from '@assay/core'
import { decodeImage } from '@assay/embed'

/** How pictures stand in a mosaic: row by row, without gaps. */
export interface MosaicLayout {
  /** Pixels of one picture. */
  readonly width: number
  readonly height: number
  /** Pictures beside each other. */
  readonly columns: number
  readonly count: number
}

const channels = 3

/**
 * The pictures of a mosaic, in order.
 *
 * @throws AssayError `IMAGE_TRUNCATED` where it has fewer than it should, and what decoding throws
 */
export async function mosaicPictures(path: string, layout: MosaicLayout): Promise<RgbImage[]> {
  const { width, height, columns, count } = layout
  const mosaic = await decodeImage(path)
  const rows = Math.ceil(count / columns)
  if (mosaic.width < Math.min(columns, count) * width || mosaic.height < rows * height) {
    throw new AssayError({
      code: 'IMAGE_TRUNCATED',
      message: `${path} has ${mosaic.width} x ${mosaic.height} pixels, too few for ${count} pictures of ${width} x ${height}.`,
      value: [mosaic.width, mosaic.height],
      remedy: 'Fetch the set again.',
      location: { file: path },
    })
  }
  return Array.from({ length: count }, (_, at) => cut(mosaic, layout, at))
}

function cut(mosaic: RgbImage, { width, height, columns }: MosaicLayout, at: number): RgbImage {
  const left = (at % columns) * width
  const top = Math.floor(at / columns) * height
  const data = new Uint8Array(width * height * channels)
  for (let line = 0; line < height; line++) {
    const start = ((top + line) * mosaic.width + left) * channels
    data.set(mosaic.data.subarray(start, start + width * channels), line * width * channels)
  }
  return { width, height, data }
}

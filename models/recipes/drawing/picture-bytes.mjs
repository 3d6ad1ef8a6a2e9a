// Pictures as text for a journal, and many as tiles of one file.
import { createRequire } from 'node:module'

// `sharp` is a dependency of the package diffusion, not of the recipes.
const sharp = createRequire(new URL('../../../packages/diffusion/package.json', import.meta.url))(
  'sharp',
)

/** The pixels of an `RgbImage` in base64. */
export const toText = ({ data }) => Buffer.from(data).toString('base64')

/** An `RgbImage` from what `toText` gave. */
export const fromText = (text, width, height) => ({
  width,
  height,
  data: Uint8Array.from(Buffer.from(text, 'base64')),
})

/** Pictures of one size as tiles of one lossless WebP, row by row; what is left of the last row is white. */
export function mosaic(pictures, columns) {
  const [{ width, height }] = pictures
  const rows = Math.ceil(pictures.length / columns)
  const canvas = Buffer.alloc(columns * width * rows * height * 3, 255)
  for (const [tile, { data }] of pictures.entries()) {
    const left = (tile % columns) * width
    const top = Math.floor(tile / columns) * height
    for (let y = 0; y < height; y++) {
      const line = data.subarray(y * width * 3, (y + 1) * width * 3)
      canvas.set(line, ((top + y) * columns * width + left) * 3)
    }
  }
  const raw = { width: columns * width, height: rows * height, channels: 3 }
  return sharp(canvas, { raw }).webp({ lossless: true, effort: 6 }).toBuffer()
}

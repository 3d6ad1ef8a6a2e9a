import { AssayError, type RgbImage } from '@assay/core'
import type { Sharp } from 'sharp'

/** The optional peer sharp. @throws AssayError `ENGINE_UNAVAILABLE` where it is not installed */
export async function loadSharp() {
  try {
    return (await import('sharp')).default
  } catch (cause) {
    throw new AssayError({
      code: 'ENGINE_UNAVAILABLE',
      message: 'Pictures cannot be transformed without sharp.',
      value: 'sharp',
      remedy: 'Install sharp beside this package.',
      cause,
    })
  }
}

/** Opens pixels in sharp. */
export async function openPixels({ data, width, height }: RgbImage): Promise<Sharp> {
  const sharp = await loadSharp()
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** The pixels of an encoded or raw pipeline. */
export async function readPixels(pipeline: Sharp): Promise<RgbImage> {
  const { data, info } = await pipeline
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

import { describe, expect, it } from 'vitest'
import { solid, textured } from '../__fixtures__/picture-files.js'
import { sharp } from '../decode/configured-sharp.js'
import { makeThumbnail } from './make-thumbnail.js'

describe('makeThumbnail', () => {
  it('gives a WebP of at most 256 pixels with the same proportions', async () => {
    const thumbnail = await makeThumbnail(await textured(800, 400).jpeg().toBuffer())
    expect(await sharp(thumbnail).metadata()).toMatchObject({
      format: 'webp',
      width: 256,
      height: 128,
    })
    expect(thumbnail.length).toBeLessThan(20_000)
  })

  it('leaves a small picture its size, and takes another size', async () => {
    const file = await textured(40, 60).png().toBuffer()
    expect(await sharp(await makeThumbnail(file)).metadata()).toMatchObject({
      width: 40,
      height: 60,
    })
    const tiny = await makeThumbnail(file, { size: 30 })
    expect(await sharp(tiny).metadata()).toMatchObject({ width: 20, height: 30 })
  })

  it('takes pixels as well', async () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 255, 0, 0) }
    const { data, info } = await sharp(await makeThumbnail(image))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width: 2, height: 1, channels: 3 })
    for (const [at, value] of image.data.entries()) {
      expect(Math.abs((data[at] ?? 0) - value)).toBeLessThan(8)
    }
  })

  it('keeps nothing of the original but its pixels', async () => {
    const file = await textured(40, 60)
      .withMetadata({ orientation: 6, exif: { IFD0: { Artist: 'somebody' } } })
      .jpeg()
      .toBuffer()
    const thumbnail = await makeThumbnail(file)
    expect(Buffer.from(thumbnail).includes('somebody')).toBe(false)
    const { exif, icc, xmp, width } = await sharp(thumbnail).metadata()
    expect([exif, icc, xmp]).toEqual([undefined, undefined, undefined])
    expect(width).toBe(60)
  })

  it('is the same file each time, and an error where the picture is broken', async () => {
    const file = await solid(300, 300, [9, 8, 7, 100]).png().toBuffer()
    expect(await makeThumbnail(file)).toEqual(await makeThumbnail(file))
    await expect(makeThumbnail(file.subarray(0, 100))).rejects.toMatchObject({
      code: 'IMAGE_TRUNCATED',
    })
  })
})

import { AssayError, type RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { solid, textured } from '../__fixtures__/picture-files.js'
import { sharp } from './configured-sharp.js'
import { decodeImage } from './decode-image.js'

const outcome = (bytes: Uint8Array): Promise<RgbImage | AssayError> =>
  decodeImage(bytes).catch((error: unknown) => {
    if (AssayError.isInstance(error) && error.kind === 'image') return error
    throw error
  })

/** Every length from 1 to 11 below the whole, then every 37th byte up to 4 kB, then 20 more. */
function cuts(length: number): number[] {
  const near = Array.from({ length: 12 }, (_, index) => length - 1 - index)
  const early = Array.from(
    { length: Math.ceil(Math.min(length, 4096) / 37) },
    (_, index) => index * 37,
  )
  const spread = Array.from({ length: 20 }, (_, index) => Math.floor((length * (index + 0.5)) / 20))
  return [...near, ...early, ...spread].filter((cut) => cut >= 0 && cut < length)
}

const kinds: Record<string, () => Promise<Buffer>> = {
  'baseline JPEG': () => textured(120, 90).jpeg().toBuffer(),
  'progressive JPEG': () => textured(120, 90).jpeg({ progressive: true }).toBuffer(),
  'grey JPEG': () => solid(120, 90, [77]).toColourspace('b-w').jpeg().toBuffer(),
  PNG: () => textured(120, 90).png().toBuffer(),
  'interlaced PNG': () => textured(120, 90).png({ progressive: true }).toBuffer(),
  'palette PNG': () => textured(120, 90).png({ palette: true }).toBuffer(),
  'lossy WebP': () => textured(120, 90).webp().toBuffer(),
  'lossless WebP': () => textured(120, 90).webp({ lossless: true }).toBuffer(),
  AVIF: () => textured(120, 90).avif().toBuffer(),
}

describe('a file that was cut off', () => {
  it.each(Object.entries(kinds))('never yields pixels: %s', async (_, make) => {
    const file = await make()
    expect(await outcome(file)).not.toHaveProperty('code')
    for (const cut of cuts(file.length)) {
      const result = await outcome(file.subarray(0, cut))
      expect(result, `cut at ${cut} of ${file.length}`).toHaveProperty('code')
      // Past the header the reason is known.
      if (cut > 1000) expect(result, `cut at ${cut}`).toMatchObject({ code: 'IMAGE_TRUNCATED' })
    }
  })

  it('is not mended by the end of a thumbnail in front', async () => {
    const thumbnail = await textured(8, 8).jpeg().toBuffer()
    const file = await textured(120, 90).jpeg().toBuffer()
    const segment = Buffer.concat([Buffer.from([0xff, 0xe7, 0, 0]), thumbnail])
    segment.writeUInt16BE(2 + thumbnail.length, 2)
    const whole = Buffer.concat([file.subarray(0, 2), segment, file.subarray(2)])
    expect(await outcome(whole)).toHaveProperty('width', 120)
    expect(await outcome(whole.subarray(0, -2))).toHaveProperty('code', 'IMAGE_TRUNCATED')
  })

  it('may be followed by other bytes, which belong to no picture', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const file = await textured(20, 20).toFormat(format).toBuffer()
      const padded = Buffer.concat([file, Buffer.alloc(33, 7)])
      expect(await outcome(padded), format).toHaveProperty('width', 20)
    }
  })

  it('gives the pixels of a damaged file to nobody either', async () => {
    const file = await sharp(await textured(120, 90).jpeg().toBuffer())
      .png()
      .toBuffer()
    let refused = 0
    for (let offset = 60; offset < file.length - 20; offset += 101) {
      const damaged = Buffer.from(file)
      damaged[offset] = (damaged[offset] ?? 0) ^ 0xff
      if ('code' in (await outcome(damaged))) refused++
      else throw new Error(`damage at ${offset} went unseen`)
    }
    expect(refused).toBeGreaterThan(50)
  })
})

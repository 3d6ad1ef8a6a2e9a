import { AssayError, createRandom, type RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { textured } from '../__fixtures__/picture-files.js'
import { cutsOf, validPictures } from '../__fixtures__/valid-pictures.js'
import { sharp } from './configured-sharp.js'
import { decodeImage } from './decode-image.js'

const outcome = (bytes: Uint8Array): Promise<RgbImage | AssayError> =>
  decodeImage(bytes).catch((error: unknown) => {
    if (AssayError.isInstance(error) && error.kind === 'image') return error
    throw error
  })

const random = createRandom(31)

describe('a file that was cut off', () => {
  it.each(validPictures)('never yields pixels: $format, $name', async ({ make, isDecoded }) => {
    const file = await make()
    const whole = isDecoded ? { width: expect.any(Number) } : { code: 'IMAGE_UNSUPPORTED_FORMAT' }
    expect(await outcome(file)).toMatchObject(whole)
    for (const cut of cutsOf(file.length, random, 20)) {
      const result = await outcome(file.subarray(0, cut))
      expect(result, `cut at ${cut} of ${file.length}`).toHaveProperty('code')
      // Past the header the reason is known.
      const code = isDecoded ? 'IMAGE_TRUNCATED' : 'IMAGE_UNSUPPORTED_FORMAT'
      if (cut > 1000) expect(result, `cut at ${cut}`).toMatchObject({ code })
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

import { AssayError } from '@assay/core'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { failure, thrown } from './__fixtures__/drawn.js'
import { pixelsOf, pngOf } from './__fixtures__/pictures.js'
import { openService } from './http/service-access.js'
import { fromBase64, readPicture } from './read-picture.js'

const access = openService(
  { imageLimits: { pixels: 1000 } },
  { service: 'It', baseUrl: 'https://it.example', concurrency: 1, scheme: 'Bearer' },
)
const { signal } = new AbortController()
const read = (bytes: Uint8Array) => readPicture(access, bytes, { seed: 3, signal })
const picture = await pngOf(3)
const digits = picture.toString('base64')

describe('fromBase64', () => {
  it('reads base64, bare and as a data URL', () => {
    expect(fromBase64(access, digits, 3)).toEqual(picture)
    expect(fromBase64(access, `data:image/png;base64,${digits}`, 3)).toEqual(picture)
  })

  it.each(['@@@@', 'AAA', 'AA A', 'AAAA\n', '<svg', 'data:image/png', 'A==='])(
    'refuses %j',
    (text) => {
      expect(thrown(() => fromBase64(access, text, 3))).toMatchObject({
        code: 'IMAGE_CORRUPT',
        location: { file: 'the picture of It for seed 3' },
      })
    },
  )

  it('reads back any bytes', () => {
    const anyBytes = fc.uint8Array({ minLength: 0, maxLength: 50 })
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect([...fromBase64(access, text, 0)]).toEqual([...bytes])
      }),
      { seed: 4, numRuns: 300 },
    )
  })
})

describe('readPicture', () => {
  it('gives pixels, and the file as it came', async () => {
    const { image, file } = await read(picture)
    expect(image.data).toEqual(pixelsOf(3))
    expect(file).toEqual({ bytes: picture, mediaType: 'image/png' })
  })

  it.each(['jpeg', 'webp', 'avif'] as const)('knows a %s by its content', async (format) => {
    const { file } = await read(await sharp(picture).toFormat(format).toBuffer())
    expect(file.mediaType).toBe(`image/${format}`)
  })

  it('keeps to the limits it is given', async () => {
    expect((await failure(read(await pngOf(1, 100, 100)))).code).toBe('IMAGE_TOO_LARGE')
  })

  it('never takes a picture whose base64 was cut off for a whole one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(digits.length - 1), async (length) => {
        const work = async () => read(fromBase64(access, digits.slice(0, length), 3))
        const error = await failure(work())
        expect(AssayError.isInstance(error) && error.kind).toBe('image')
        expect(error.location.file).toContain('seed 3')
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})

import { deflateSync } from 'node:zlib'
import { AssayError } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { pictureBombs } from '../__fixtures__/picture-bombs.js'
import { blackPng, pngChunk, solid, textured } from '../__fixtures__/picture-files.js'
import { sharp } from './configured-sharp.js'
import { decodeImage } from './decode-image.js'

const deflated = (length: number) => deflateSync(Buffer.alloc(length, 'a'))

const codeOf = (bytes: Uint8Array, limits = {}): Promise<string> =>
  decodeImage(bytes, { limits }).then(
    () => 'pixels',
    (error: unknown) => {
      if (AssayError.isInstance(error)) return error.code
      throw error
    },
  )

describe('a small file that asks for much', () => {
  it.each(pictureBombs)('is refused: $name', async ({ make, code }) => {
    const bomb = await make()
    expect(bomb.length).toBeLessThan(64 * 2 ** 20)
    expect(await codeOf(bomb)).toBe(code)
  })
})

describe('metadata', () => {
  const limits = { metadataBytes: 1000 }
  const text = Buffer.from(`Comment\0${'a'.repeat(1200)}`)

  it('of any format are held to their limit', async () => {
    const exif = { exif: { IFD0: { Artist: 'a'.repeat(1200) } } }
    const picture = textured(20, 20)
    const files = [
      blackPng(16, 16, pngChunk('tEXt', text)),
      blackPng(16, 16, pngChunk('eXIf', Buffer.alloc(1200))),
      await picture.clone().withExif(exif.exif).jpeg().toBuffer(),
      await picture.clone().withExif(exif.exif).webp().toBuffer(),
      await picture.clone().withIccProfile('p3').webp().toBuffer(),
      await picture.clone().withIccProfile('cmyk').avif().toBuffer(),
    ]
    for (const file of files) {
      expect(await codeOf(file)).toBe('pixels')
      expect(await codeOf(file, { metadataBytes: 200 })).toBe('IMAGE_TOO_LARGE')
    }
  })

  it('count unpacked, in every chunk that can be packed', async () => {
    const unicode = Buffer.concat([Buffer.from('Comment\0\x01\0en\0Kommentar\0'), deflated(1200)])
    const packed = {
      zTXt: Buffer.concat([Buffer.from('Comment\0\0'), deflated(1200)]),
      iTXt: unicode,
      iCCP: Buffer.concat([Buffer.from('icc\0\0'), deflated(1200)]),
    }
    for (const [type, data] of Object.entries(packed)) {
      const file = blackPng(16, 16, pngChunk(type, data))
      expect(await codeOf(file), type).toBe('pixels')
      expect(await codeOf(file, limits), type).toBe('IMAGE_TOO_LARGE')
    }
  })

  it('count together', async () => {
    const piece = pngChunk('tEXt', Buffer.from(`Comment\0${'a'.repeat(300)}`))
    expect(await codeOf(blackPng(16, 16, piece, piece, piece), limits)).toBe('pixels')
    expect(await codeOf(blackPng(16, 16, piece, piece, piece, piece), limits)).toBe(
      'IMAGE_TOO_LARGE',
    )
  })

  it('that nobody can unpack count as they are', async () => {
    const broken = pngChunk(
      'zTXt',
      Buffer.concat([Buffer.from('Comment\0\0'), Buffer.alloc(50, 7)]),
    )
    expect(await codeOf(blackPng(16, 16, broken), limits)).toBe('pixels')
  })
})

describe('frames', () => {
  it('of an animation are held to their limit', async () => {
    const frames = Buffer.concat(
      await Promise.all([1, 2, 3].map((grey) => solid(8, 8, [grey, grey, grey]).raw().toBuffer())),
    )
    const raw = { width: 8, height: 24, channels: 3, pageHeight: 8 } as const
    const file = await sharp(frames, { raw }).webp({ lossless: true, loop: 0 }).toBuffer()
    expect(await codeOf(file, { frames: 3 })).toBe('pixels')
    expect(await codeOf(file, { frames: 2 })).toBe('IMAGE_TOO_LARGE')
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { AssayError } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blackPng, pngChunk, solid, textured } from '../__fixtures__/picture-files.js'
import { sharp } from './configured-sharp.js'
import { decodeImage } from './decode-image.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-decode-'))
})
afterAll(() => rm(folder, { recursive: true }))

const failureOf = async (promise: Promise<unknown>): Promise<AssayError> => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!AssayError.isInstance(error)) throw error ?? 'no error'
  return error
}

describe('decodeImage', () => {
  it('gives interleaved 8-bit RGB of every supported format, from bytes and from a path', async () => {
    const picture = textured(40, 30)
    for (const file of [
      await picture.clone().png().toBuffer(),
      await picture.clone().jpeg({ quality: 95 }).toBuffer(),
      await picture.clone().webp({ lossless: true }).toBuffer(),
      await picture.clone().avif({ quality: 90 }).toBuffer(),
    ]) {
      const path = join(folder, 'misnamed.txt')
      await writeFile(path, file)
      const decoded = await decodeImage(file)
      expect(decoded).toMatchObject({ width: 40, height: 30 })
      expect(decoded.data).toHaveLength(40 * 30 * 3)
      expect(await decodeImage(path)).toEqual(decoded)
    }
  })

  it('keeps the exact pixels of a lossless file', async () => {
    const pixels = await textured(17, 23).raw().toBuffer()
    const decoded = await decodeImage(await textured(17, 23).png().toBuffer())
    expect(Buffer.from(decoded.data).equals(pixels)).toBe(true)
  })

  it('names the file, the reason and a remedy', async () => {
    const path = join(folder, 'broken.png')
    await writeFile(path, (await textured(40, 30).png().toBuffer()).subarray(0, 300))
    const error = await failureOf(decodeImage(path))
    expect(error.code).toBe('IMAGE_TRUNCATED')
    expect(error.message).toBe(`${path} is a png that breaks off after 300 bytes.`)
    expect(error.remedy).toMatch(/end is missing/)
    expect(error.location).toEqual({ file: path })
  })

  it('refuses a path that cannot be read, or is no file', async () => {
    expect(await failureOf(decodeImage(join(folder, 'absent.png')))).toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringContaining('ENOENT'),
    })
    expect((await failureOf(decodeImage(folder))).code).toBe('IMAGE_UNREADABLE')
  })

  it('stops when its signal is aborted', async () => {
    const controller = new AbortController()
    const decoding = decodeImage(await textured(400, 400).png().toBuffer(), {
      signal: controller.signal,
    })
    controller.abort()
    expect((await failureOf(decoding)).code).toBe('ABORTED')
  })

  it('gives up after its time limit', async () => {
    const file = await textured(2000, 2000).avif({ effort: 0 }).toBuffer()
    const error = await failureOf(
      decodeImage(file, { limits: { seconds: 0.001 }, name: 'slow.avif' }),
    )
    expect(error.code).toBe('IMAGE_TIMEOUT')
    expect(error.message).toBe('slow.avif was not decoded within 0.001 s.')
  })
})

describe('the allow-list of formats', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
  const refused: [string, () => Promise<Uint8Array>][] = [
    ['GIF', () => solid(8, 8, [1, 2, 3]).gif().toBuffer()],
    ['TIFF', () => solid(8, 8, [1, 2, 3]).tiff().toBuffer()],
    ['SVG', async () => Buffer.from(svg)],
    ['XML', async () => Buffer.from(`<?xml version="1.0"?>${svg}`)],
    ['PDF', async () => Buffer.from('%PDF-1.4\n%%EOF')],
    ['BMP', async () => Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)])],
    ['HEIC', async () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['JPEG 2000', async () => Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1')],
    ['no known picture format', async () => Buffer.from('push graphic-context')],
    ['is empty', async () => new Uint8Array(0)],
  ]
  it.each(refused)('refuses %s by content, whatever its name', async (name, make) => {
    const path = join(folder, 'innocent.png')
    await writeFile(path, await make())
    const error = await failureOf(decodeImage(path))
    expect(error.code).toBe('IMAGE_UNSUPPORTED_FORMAT')
    expect(error.message).toContain(name)
  })

  it('blocks every other loader of libvips, should a file ever reach it', async () => {
    const gif = await solid(8, 8, [1, 2, 3]).gif().toBuffer()
    for (const bytes of [gif, Buffer.from(svg)]) {
      await expect(sharp(bytes).metadata()).rejects.toThrow(/unsupported image format/)
    }
    const path = join(folder, 'fine.png')
    await writeFile(path, await solid(8, 8, [1, 2, 3]).png().toBuffer())
    await expect(sharp(path).metadata()).rejects.toThrow(/unsupported image format/)
  })
})

describe('decoding rules', () => {
  const firstPixel = async (file: Uint8Array, options = {}) => {
    const { data } = await decodeImage(file, options)
    return [...data.subarray(0, 3)]
  }

  it('first-frame: of an animation the first frame is taken', async () => {
    const frames = Buffer.concat(
      await Promise.all([
        solid(8, 8, [255, 0, 0]).raw().toBuffer(),
        solid(8, 8, [0, 255, 0]).raw().toBuffer(),
      ]),
    )
    const raw = { width: 8, height: 16, channels: 3, pageHeight: 8 } as const
    const animated = await sharp(frames, { raw }).webp({ lossless: true }).toBuffer()
    expect((await sharp(animated).metadata()).pages).toBe(2)
    const decoded = await decodeImage(animated)
    expect(decoded).toMatchObject({ width: 8, height: 8 })
    expect([...decoded.data.subarray(0, 3)]).toEqual([255, 0, 0])
  })

  it.each([
    // EXIF orientation, then where the top left corner of a 3 x 2 picture of pixels 0..5 comes from.
    [1, [0, 1, 2, 3, 4, 5]],
    [2, [2, 1, 0, 5, 4, 3]],
    [3, [5, 4, 3, 2, 1, 0]],
    [4, [3, 4, 5, 0, 1, 2]],
    [5, [0, 3, 1, 4, 2, 5]],
    [6, [3, 0, 4, 1, 5, 2]],
    [7, [5, 2, 4, 1, 3, 0]],
    [8, [2, 5, 1, 4, 0, 3]],
  ])('orientation-applied: EXIF orientation %i', async (orientation, order) => {
    const grey = Uint8Array.from([0, 40, 80, 120, 160, 200])
    const file = await sharp(grey, { raw: { width: 3, height: 2, channels: 1 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer()
    const decoded = await decodeImage(file)
    const reds = [...decoded.data].filter((_, index) => index % 3 === 0)
    expect(reds).toEqual(order.map((source) => source * 40))
    expect(decoded.width).toBe(orientation < 5 ? 3 : 2)
  })

  it('alpha-over-background: white by default, or as asked', async () => {
    const half = await solid(8, 8, [10, 20, 30, 128]).png().toBuffer()
    const clear = await solid(8, 8, [10, 20, 30, 0])
      .webp({ lossless: true, exact: true })
      .toBuffer()
    expect(await firstPixel(half)).toEqual([132, 137, 142])
    expect(await firstPixel(half, { background: [0, 0, 0] })).toEqual([5, 10, 15])
    expect(await firstPixel(clear)).toEqual([255, 255, 255])
    expect(await firstPixel(clear, { background: [1, 2, 3] })).toEqual([1, 2, 3])
  })

  it('grey-to-rgb: grey, and grey with alpha', async () => {
    const grey = await solid(8, 8, [77]).toColourspace('b-w').png().toBuffer()
    const greyAlpha = await solid(8, 8, [100, 128]).toColourspace('b-w').png().toBuffer()
    expect(await firstPixel(grey)).toEqual([77, 77, 77])
    expect(await firstPixel(greyAlpha)).toEqual([177, 177, 177])
  })

  it('cmyk-to-rgb: an embedded profile is applied only where asked for', async () => {
    const file = await solid(8, 8, [200, 50, 100])
      .withIccProfile('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer()
    expect(await sharp(file).metadata()).toMatchObject({ space: 'cmyk', hasProfile: true })
    const inks = sharp(file, { ignoreIcc: true }).pipelineColourspace('cmyk').toColourspace('cmyk')
    const [cyan = 0, magenta = 0, yellow = 0, black = 0] = await inks.raw().toBuffer()
    expect(await firstPixel(file)).toEqual(
      [cyan, magenta, yellow].map((ink) => Math.round(((255 - ink) * (255 - black)) / 255)),
    )
    const [red, green, blue] = await firstPixel(file, { colourProfile: 'convert' })
    expect(Math.abs((red ?? 0) - 200)).toBeLessThan(20)
    expect(Math.abs((green ?? 0) - 50)).toBeLessThan(20)
    expect(Math.abs((blue ?? 0) - 100)).toBeLessThan(20)
  })

  it('sixteen-to-eight-bits: the high byte is kept', async () => {
    const samples = Uint16Array.from(
      { length: 16 * 16 * 3 },
      (_, index) => (index * 40_503) % 65_536,
    )
    const file = await sharp(samples, { raw: { width: 16, height: 16, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    expect((await sharp(file).metadata()).depth).toBe('ushort')
    const { data } = await decodeImage(file)
    expect([...data]).toEqual([...samples].map((sample) => sample >> 8))
  })

  it('profile-ignored: an embedded profile is applied only where asked for', async () => {
    const file = await solid(8, 8, [200, 50, 100]).withIccProfile('p3').png().toBuffer()
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer()
    expect([...stored.subarray(0, 3)]).not.toEqual([200, 50, 100])
    expect(await firstPixel(file)).toEqual([...stored.subarray(0, 3)])
    expect(await firstPixel(file, { colourProfile: 'convert' })).toEqual([200, 50, 100])
  })

  it('profile-ignored: a profile that cannot be read is ignored', async () => {
    const profile = Buffer.concat([Buffer.from('icc\0\0'), deflateSync(Buffer.alloc(200, 7))])
    const file = blackPng(16, 16, pngChunk('iCCP', profile))
    expect(await firstPixel(file, { colourProfile: 'convert' })).toEqual([0, 0, 0])
  })
})

describe('limits', () => {
  const tooLarge = async (file: Uint8Array, limits = {}) => {
    const error = await failureOf(decodeImage(file, { limits, name: 'bomb' }))
    expect(error.code).toBe('IMAGE_TOO_LARGE')
    return error
  }

  it('holds back files of too many bytes', async () => {
    const file = await textured(40, 30).png().toBuffer()
    const error = await tooLarge(file, { fileBytes: 100 })
    expect(error.message).toBe(`bomb has ${file.length} bytes, over the limit of 100.`)
    const path = join(folder, 'long.png')
    await writeFile(path, file)
    expect((await failureOf(decodeImage(path, { limits: { fileBytes: 100 } }))).code).toBe(
      'IMAGE_TOO_LARGE',
    )
  })

  it('takes 64 megapixels and not one row more', async () => {
    const error = await tooLarge(blackPng(8192, 8193))
    expect(error.message).toBe('bomb has more pixels than the limit of 67108864.')
    const limits = { pixels: 64 * 48 }
    expect(await decodeImage(blackPng(64, 48), { limits })).toMatchObject({ width: 64, height: 48 })
    await tooLarge(blackPng(64, 49), { pixels: 64 * 48 })
  })

  it('refuses long thin and flat pictures of too many pixels', async () => {
    await tooLarge(blackPng(1_000_000, 68))
    await tooLarge(blackPng(68, 1_000_000))
  })

  it('believes what the header of any format claims', async () => {
    const jpeg = await solid(16, 16, [1, 2, 3]).jpeg().toBuffer()
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
    jpeg.writeUInt16BE(65_500, frame + 5)
    jpeg.writeUInt16BE(65_500, frame + 7)
    await tooLarge(jpeg)
    const avif = await solid(16, 16, [1, 2, 3]).avif().toBuffer()
    const extent = avif.indexOf('ispe') + 8
    avif.writeUInt32BE(16_000, extent)
    avif.writeUInt32BE(16_000, extent + 4)
    await tooLarge(avif)
    await tooLarge(await solid(16, 17, [1, 2, 3]).webp().toBuffer(), { pixels: 16 * 16 })
  })

  it('holds progressive JPEG and interlaced PNG to a smaller size', async () => {
    const limits = { progressivePixels: 100 * 99 }
    const progressive = await textured(100, 100).jpeg({ progressive: true }).toBuffer()
    const interlaced = await textured(100, 100).png({ progressive: true }).toBuffer()
    for (const file of [progressive, interlaced]) {
      expect((await tooLarge(file, limits)).message).toContain('progressive pixels')
      expect(await decodeImage(file)).toMatchObject({ width: 100 })
    }
    expect(await decodeImage(await textured(100, 100).jpeg().toBuffer(), { limits })).toBeDefined()
  })

  it('refuses text and profiles that inflate to much more than the picture', async () => {
    const inflated = deflateSync(Buffer.alloc(200_000_000, 'a'))
    const text = pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), inflated]))
    const profile = pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0'), inflated]))
    for (const chunk of [text, profile]) {
      const before = process.memoryUsage().rss
      await decodeImage(blackPng(16, 16, chunk)).catch((error: unknown) => {
        expect(AssayError.isInstance(error) && error.kind).toBe('image')
      })
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20)
    }
  })
})

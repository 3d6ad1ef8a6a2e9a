import { deflateSync, gzipSync } from 'node:zlib'
import { blackPng, pngChunk, solid } from './picture-files.js'

/** A small file that asks for much, and the code that it is refused with. */
export interface PictureBomb {
  readonly name: string
  readonly code: 'IMAGE_TOO_LARGE' | 'IMAGE_UNSUPPORTED_FORMAT'
  make(): Promise<Uint8Array>
}

const mebibyte = 2 ** 20

/** Text that unpacks to 256 MiB. */
const unpacking = () => deflateSync(Buffer.alloc(256 * mebibyte, 'a'))

/** A PNG header that claims this size, with one row of data. */
function claimingPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(1 + 3 * 1000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A JPEG whose frame header claims this size. */
async function claimingJpeg(side: number, progressive: boolean): Promise<Buffer> {
  const jpeg = await solid(16, 16, [1, 2, 3]).jpeg({ progressive }).toBuffer()
  const frame = jpeg.indexOf(Buffer.from([0xff, progressive ? 0xc2 : 0xc0]))
  jpeg.writeUInt16BE(side, frame + 5)
  jpeg.writeUInt16BE(side, frame + 7)
  return jpeg
}

/** A RIFF chunk of WebP, padded to an even length. */
function riffChunk(name: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2))
  chunk.write(name, 0, 'latin1')
  chunk.writeUInt32LE(data.length, 4)
  chunk.set(data, 8)
  return chunk
}

function webpOf(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks])
  const head = Buffer.alloc(8)
  head.write('RIFF')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

/** An animated WebP of 30,000 frames on a canvas of 16,383 pixels a side. */
async function animatedWebp(): Promise<Buffer> {
  const still = await solid(16, 16, [1, 2, 3]).webp().toBuffer()
  const canvas = Buffer.alloc(10)
  canvas.set([2], 0)
  canvas.writeUIntLE(16_382, 4, 3)
  canvas.writeUIntLE(16_382, 7, 3)
  const frame = Buffer.alloc(16)
  frame.writeUIntLE(15, 6, 3)
  frame.writeUIntLE(15, 9, 3)
  const animated = riffChunk('ANMF', Buffer.concat([frame, still.subarray(12)]))
  const frames = Array.from({ length: 30_000 }, () => animated)
  return webpOf(riffChunk('VP8X', canvas), riffChunk('ANIM', Buffer.alloc(6)), ...frames)
}

/** A GIF of 30,000 frames of 65,535 pixels a side. */
function animatedGif(): Buffer {
  const screen = Buffer.from('GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff', 'latin1')
  const frame = Buffer.from(',\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0', 'latin1')
  return Buffer.concat([screen, ...Array.from({ length: 30_000 }, () => frame), Buffer.from(';')])
}

async function claimingAvif(): Promise<Buffer> {
  const avif = await solid(16, 16, [1, 2, 3]).avif().toBuffer()
  const extent = avif.indexOf('ispe') + 8
  avif.writeUInt32BE(16_384, extent)
  avif.writeUInt32BE(16_384, extent + 4)
  return avif
}

/** An SVG whose text unfolds to a billion words. */
function unfoldingSvg(): Buffer {
  const entities = Array.from({ length: 9 }, (_, at) => {
    const inner = at === 0 ? 'ha ' : `&e${at - 1};`.repeat(10)
    return `<!ENTITY e${at} "${inner}">`
  })
  const type = `<!DOCTYPE svg [${entities.join('')}]>`
  return Buffer.from(
    `<?xml version="1.0"?>${type}<svg xmlns="http://www.w3.org/2000/svg"><text>&e8;</text></svg>`,
  )
}

/** A JPEG behind forty megabytes of EXIF. */
async function describedJpeg(): Promise<Buffer> {
  const jpeg = await solid(16, 16, [1, 2, 3]).jpeg().toBuffer()
  const segment = Buffer.alloc(2 + 65_535)
  segment.set([0xff, 0xe1, 0xff, 0xff])
  segment.write('Exif\0\0', 4, 'latin1')
  return Buffer.concat([
    jpeg.subarray(0, 2),
    ...Array.from({ length: 620 }, () => segment),
    jpeg.subarray(2),
  ])
}

const packed = (keyword: string) => Buffer.concat([Buffer.from(`${keyword}\0\0`), unpacking()])

/** The twelve bombs of the house, the last in three forms; each is made anew, of some kilobytes. */
export const pictureBombs: readonly PictureBomb[] = [
  { name: 'PNG of 16,384²', code: 'IMAGE_TOO_LARGE', make: async () => claimingPng(16_384, 16_384) },
  { name: 'PNG of 16,383² bits', code: 'IMAGE_TOO_LARGE', make: async () => blackPng(16_383, 16_383) },
  { name: 'PNG of 100,000 x 2,000', code: 'IMAGE_TOO_LARGE', make: async () => claimingPng(100_000, 2000) },
  { name: 'JPEG of 65,500²', code: 'IMAGE_TOO_LARGE', make: () => claimingJpeg(65_500, false) },
  { name: 'progressive JPEG of 5,000²', code: 'IMAGE_TOO_LARGE', make: () => claimingJpeg(5000, true) },
  { name: 'WebP of 30,000 frames', code: 'IMAGE_TOO_LARGE', make: animatedWebp },
  { name: 'GIF of 30,000 frames', code: 'IMAGE_UNSUPPORTED_FORMAT', make: async () => animatedGif() },
  { name: 'AVIF of 16,384²', code: 'IMAGE_TOO_LARGE', make: claimingAvif },
  { name: 'SVG of entities', code: 'IMAGE_UNSUPPORTED_FORMAT', make: async () => unfoldingSvg() },
  {
    name: 'SVG packed twice',
    code: 'IMAGE_UNSUPPORTED_FORMAT',
    make: async () => gzipSync(gzipSync(Buffer.alloc(256 * mebibyte, '<svg>'))),
  },
  { name: 'PNG with a large profile', code: 'IMAGE_TOO_LARGE', make: async () => blackPng(16, 16, pngChunk('iCCP', packed('icc'))) },
  { name: 'PNG with a large text', code: 'IMAGE_TOO_LARGE', make: async () => blackPng(16, 16, pngChunk('zTXt', packed('Comment'))) },
  { name: 'JPEG with large EXIF', code: 'IMAGE_TOO_LARGE', make: describedJpeg },
]

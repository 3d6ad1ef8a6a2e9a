import { crc32, deflateSync } from 'node:zlib'
import { sharp } from '../decode/configured-sharp.js'

/** A picture of one colour, of 1 to 4 channels, ready to be written in any format. */
export function solid(width: number, height: number, pixel: readonly number[]) {
  const channels = pixel.length as 1 | 2 | 3 | 4
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => pixel[i % channels] ?? 0)
  return sharp(data, { raw: { width, height, channels } })
}

/** A picture with some detail everywhere, the same on every machine. */
export function textured(width: number, height: number) {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      data[i] = (x * 255) / width
      data[i + 1] = (y * 255) / height
      data[i + 2] = 128 + 90 * Math.sin(x / 5) * Math.cos(y / 7)
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** One PNG chunk. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

/** A black 1-bit grey PNG of any size: rows of zeros, which deflate to almost nothing. */
export function blackPng(width: number, height: number, ...extra: Buffer[]): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

import { deflateSync } from 'node:zlib'
import type { Random } from '@assay/core'
import { sharp } from '../decode/configured-sharp.js'
import { solid, textured } from './picture-files.js'

/** A sound file of some kind, and whether Assay decodes it or refuses its format. */
export interface ValidPicture {
  readonly format: string
  readonly name: string
  readonly isDecoded: boolean
  make(): Promise<Uint8Array>
}

type Maker = () => Promise<Uint8Array>

const base = () => textured(120, 90)
const grey = () => base().toColourspace('b-w')
const clear = () => base().ensureAlpha(0.5)

/** Three frames, one under the other. */
async function frames() {
  const raw = { width: 60, height: 135, channels: 3, pageHeight: 45 } as const
  return sharp(await textured(60, 135).raw().toBuffer(), { raw })
}

/** A device-independent bitmap, uncompressed. */
function bitmap(width: number, height: number, bits: 8 | 24): Buffer {
  const palette = bits === 8 ? 1024 : 0
  const row = Math.ceil((width * bits) / 32) * 4
  const file = Buffer.alloc(54 + palette + row * height, 90)
  file.fill(0, 0, 54)
  file.write('BM')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54 + palette, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(bits, 28)
  return file
}

const svg = (content: string): Maker => {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90">${content}</svg>`
  return async () => Buffer.from(text)
}

const packedSamples = deflateSync(Buffer.alloc(9000, 7)).toString('base64')

const decoded: Readonly<Record<string, Readonly<Record<string, Maker>>>> = {
  JPEG: {
    baseline: () => base().jpeg().toBuffer(),
    progressive: () => base().jpeg({ progressive: true }).toBuffer(),
    grey: () => grey().jpeg().toBuffer(),
    cmyk: () => base().toColourspace('cmyk').jpeg().toBuffer(),
    'with EXIF': () => base().withExif({ IFD0: { Artist: 'a'.repeat(3000) } }).jpeg().toBuffer(),
  },
  PNG: {
    colour: () => base().png().toBuffer(),
    interlaced: () => base().png({ progressive: true }).toBuffer(),
    palette: () => base().png({ palette: true }).toBuffer(),
    transparent: () => clear().png().toBuffer(),
    '16 bits': () => base().toColourspace('rgb16').png().toBuffer(),
  },
  WebP: {
    lossy: () => base().webp().toBuffer(),
    lossless: () => base().webp({ lossless: true }).toBuffer(),
    transparent: () => clear().webp().toBuffer(),
    animated: async () => (await frames()).webp().toBuffer(),
    'with a profile': () => base().withIccProfile('p3').webp().toBuffer(),
  },
  AVIF: {
    '4:4:4': () => base().avif({ chromaSubsampling: '4:4:4' }).toBuffer(),
    '4:2:0': () => base().avif({ chromaSubsampling: '4:2:0' }).toBuffer(),
    lossless: () => base().avif({ lossless: true }).toBuffer(),
    transparent: () => clear().avif().toBuffer(),
    grey: () => grey().avif().toBuffer(),
  },
}

const refused: Readonly<Record<string, Readonly<Record<string, Maker>>>> = {
  GIF: {
    still: () => base().gif().toBuffer(),
    'few colours': () => base().gif({ colours: 4 }).toBuffer(),
    animated: async () => (await frames()).gif().toBuffer(),
    transparent: () => clear().gif().toBuffer(),
    tiny: () => solid(1, 1, [1, 2, 3]).gif().toBuffer(),
  },
  TIFF: {
    plain: () => base().tiff({ compression: 'none' }).toBuffer(),
    lzw: () => base().tiff({ compression: 'lzw' }).toBuffer(),
    deflate: () => base().tiff({ compression: 'deflate' }).toBuffer(),
    jpeg: () => base().tiff({ compression: 'jpeg' }).toBuffer(),
    tiled: () => base().tiff({ tile: true, compression: 'none' }).toBuffer(),
  },
  SVG: {
    plain: svg('<rect width="9" height="9"/>'),
    'with a declaration': async () =>
      Buffer.concat([Buffer.from('<?xml version="1.0"?>\n'), await svg('<g/>')()]),
    'with a file': svg('<image href="file:///etc/hostname" width="9" height="9"/>'),
    'with an address': svg('<image href="http://127.0.0.1:9/x.png" width="9" height="9"/>'),
    long: svg(`<!-- ${packedSamples.repeat(40)} -->`),
  },
  BMP: {
    colour: async () => bitmap(60, 45, 24),
    palette: async () => bitmap(60, 45, 8),
    'odd width': async () => bitmap(61, 45, 24),
    'upside down': async () => bitmap(60, -45 + 90, 24),
    tiny: async () => bitmap(1, 1, 24),
  },
}

const listOf = (makers: typeof decoded, isDecoded: boolean): ValidPicture[] =>
  Object.entries(makers).flatMap(([format, kinds]) =>
    Object.entries(kinds).map(([name, make]) => ({ format, name, isDecoded, make })),
  )

/** Forty sound files, five of each of eight formats. */
export const validPictures: readonly ValidPicture[] = [
  ...listOf(decoded, true),
  ...listOf(refused, false),
]

/** Lengths to cut a file to: every 37th byte up to 4 kB, all of the last twelve, and more anywhere. */
export function cutsOf(length: number, random: Random, more: number): number[] {
  const early = Array.from({ length: Math.ceil(Math.min(length, 4096) / 37) }, (_, at) => at * 37)
  const last = Array.from({ length: 12 }, (_, at) => length - 1 - at)
  const anywhere = Array.from({ length: more }, () => random.integer(length))
  return [...new Set([...early, ...last, ...anywhere])].filter((cut) => cut >= 0)
}

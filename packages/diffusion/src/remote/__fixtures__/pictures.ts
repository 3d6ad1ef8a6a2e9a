import sharp from 'sharp'

/** Raw pixels of a small picture of its own for each number. */
export function pixelsOf(number: number, width = 16, height = 8): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 7 + number * 31) % 256)
}

/** The same as PNG, with one level of compression, so that its bytes are the same everywhere. */
export function pngOf(number: number, width = 16, height = 8): Promise<Buffer> {
  return sharp(pixelsOf(number, width, height), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

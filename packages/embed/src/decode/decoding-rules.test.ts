import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type DecodeImageOptions, decodeImage } from './decode-image.js'

interface Case {
  readonly rule: string
  readonly name: string
  readonly options: DecodeImageOptions
  readonly width: number
  readonly height: number
  /** Base64, as are the pixels. */
  readonly file: string
  readonly sha256: string
  /** Levels that values may be off. Without it they are equal. */
  readonly tolerance?: number
  readonly pixels?: string
}
const { cases } = JSON.parse(
  readFileSync(new URL('decoding-rules.oracle.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] }

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64')

describe('decodeImage, against Pillow', () => {
  it.each(cases)('$rule: $name', async ({ file, options, sha256, tolerance, pixels, ...size }) => {
    const { width, height, data } = await decodeImage(bytesOf(file), options)
    expect({ width, height }).toEqual({ width: size.width, height: size.height })
    if (tolerance === undefined || pixels === undefined) {
      expect(createHash('sha256').update(data).digest('hex')).toBe(sha256)
      return
    }
    const expected = bytesOf(pixels)
    expect(data).toHaveLength(expected.length)
    const differences = data.map((value, index) => Math.abs(value - (expected[index] ?? 999)))
    expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance)
  })
})

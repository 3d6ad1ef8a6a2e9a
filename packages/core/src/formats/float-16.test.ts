import { describe, expect, it } from 'vitest'
import { decodeFloat16, encodeFloat16 } from './float-16.js'
import oracle from './formats.oracle.json' with { type: 'json' }

const bytes = (base64: string) =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
const patterns = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)

describe('float16', () => {
  it('decodes every bit pattern as numpy does', async () => {
    const decoded = decodeFloat16(patterns)
    const numbers = decoded.filter((value) => !Number.isNaN(value))
    expect(decoded.length - numbers.length).toBe(2 * 1023)
    const digest = await crypto.subtle.digest('SHA-256', numbers)
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'))
    expect(hex.join('')).toBe(oracle.float16.decodedSha256)
  })

  it('keeps every bit pattern there and back, but the kinds of NaN', () => {
    const decoded = decodeFloat16(patterns)
    encodeFloat16(decoded).forEach((bits, pattern) => {
      expect(bits).toBe(Number.isNaN(decoded[pattern]) ? 0x7e00 : pattern)
    })
  })

  it('rounds as numpy does, halves to even', () => {
    const probes = new Float64Array(bytes(oracle.float16.probes).buffer)
    const rounded = new Uint16Array(bytes(oracle.float16.rounded).buffer)
    expect(probes.length).toBeGreaterThan(1000)
    expect(encodeFloat16(probes)).toEqual(rounded)
  })

  it('rounds float32 as the same numbers in float64', () => {
    // Every float16 and every number halfway between two of them, with those next to it on either side.
    const bits = new Uint32Array(3 * 2 ** 20)
    for (let at = 0; at < bits.length; at += 1)
      bits[at] = Math.floor(at / 3) * 2 ** 12 + (at % 3) - 1
    const values = new Float32Array(bits.buffer)
    const wanted = encodeFloat16(new Float64Array(values))
    expect(encodeFloat16(values).findIndex((value, at) => value !== wanted[at])).toBe(-1)
  })

  it('encodes what is not finite, and zeros with their sign', () => {
    const values = [Number.NaN, Infinity, -Infinity, 0, -0]
    expect([...encodeFloat16(values)]).toEqual([0x7e00, 0x7c00, 0xfc00, 0, 0x8000])
  })
})

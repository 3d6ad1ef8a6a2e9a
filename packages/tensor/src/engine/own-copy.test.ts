import { describe, expect, it } from 'vitest'
import { ownCopy } from './own-copy.js'

describe('ownCopy', () => {
  it.each([
    ['a Node Buffer', Buffer.from([1, 2, 3])],
    ['bytes', Uint8Array.of(1, 2, 3)],
    ['a view of floats', new Float32Array([0, 1, 2, 3]).subarray(1)],
    ['64-bit integers', BigInt64Array.of(1n, 2n)],
  ])('has the values of %s, and a buffer that is filled by them alone', (_, data) => {
    const copy = ownCopy(data)
    expect([...copy]).toEqual([...data])
    expect(copy.buffer).not.toBe(data.buffer)
    expect(copy.buffer.byteLength).toBe(data.byteLength)
    expect(copy.constructor).toBe(Buffer.isBuffer(data) ? Uint8Array : data.constructor)
  })
})

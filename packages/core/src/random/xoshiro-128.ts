const rotateLeft = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))

/**
 * xoshiro128**: 32 random bits a call, period 2^128 - 1 (Blackman and Vigna 2021, "Scrambled linear
 * pseudorandom number generators").
 *
 * @param state four 32-bit words, not all zero
 */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state
  return () => {
    const output = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return output
  }
}

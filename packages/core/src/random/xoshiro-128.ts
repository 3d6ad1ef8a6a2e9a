/** Four 32-bit words, not all zero, each as bitwise operators give it: with a sign. */
export interface XoshiroState {
  a: number
  b: number
  c: number
  d: number
}

const rotateLeft = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))

/**
 * The next 32 random bits of xoshiro128**, with a sign; moves the state on. The period is 2^128 - 1
 * (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators").
 */
export function xoshiro128(state: XoshiroState): number {
  const output = Math.imul(rotateLeft(Math.imul(state.b, 5), 7), 9)
  const shifted = state.b << 9
  state.c ^= state.a
  state.d ^= state.b
  state.b ^= state.c
  state.a ^= state.d
  state.c ^= shifted
  state.d = rotateLeft(state.d, 11)
  return output
}

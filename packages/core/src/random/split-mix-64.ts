const goldenGamma = 0x9e3779b97f4a7c15n
const word = (value: bigint) => BigInt.asUintN(64, value)

/**
 * The first `count` outputs of SplitMix64 from a 64-bit seed: the generator that Blackman and Vigna
 * recommend for filling the state of another (Steele, Lea, Flood 2014, "Fast splittable pseudorandom
 * number generators").
 */
export function splitMix64(seed: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => {
    let z = word(seed + goldenGamma * BigInt(index + 1))
    z = word((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = word((z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    return z ^ (z >> 31n)
  })
}

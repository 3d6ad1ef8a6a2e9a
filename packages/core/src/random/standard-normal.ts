/**
 * Standard normal numbers from uniform ones in [0, 1), which are consumed in pairs (Box and Muller
 * 1958, "A note on the generation of random normal deviates"; cosine first).
 */
export function standardNormal(uniform: () => number): () => number {
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    // 1 - u lies in (0, 1], where the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

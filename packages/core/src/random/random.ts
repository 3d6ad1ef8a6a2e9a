/** A stream of seeded random numbers. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Fills an array with what as many calls of `normal` would give, in half the time. */
  fillNormal(values: Float32Array | Float64Array): void
  /** Uniform integer in [0, limit), without modulo bias. */
  integer(limit: number): number
  /** A new array in random order. */
  shuffle<Item>(items: readonly Item[]): Item[]
  /** An independent stream that depends on this stream's seed and the label only, not on use. */
  fork(label: string): Random
}

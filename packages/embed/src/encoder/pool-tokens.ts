import type { Pooling } from '../card/model-card.js'

/** How the rows of a batch become one vector an item. */
export interface PoolTokensOptions {
  readonly pooling: Exclude<Pooling, 'none'>
  /** Rows of each item, one a token. */
  readonly rows: number
  readonly dimensions: number
  /** How many of the rows of each item, from its first, count in a mean. At least 1. */
  readonly counted: readonly number[]
}

/** One vector an item, items x dimensions, of values that are items x rows x dimensions. */
export function poolTokens(
  values: Float32Array,
  { pooling, rows, dimensions, counted }: PoolTokensOptions,
): Float32Array {
  const pooled = new Float32Array(counted.length * dimensions)
  const sums = new Float64Array(dimensions)
  for (const [item, count] of counted.entries()) {
    const taken = pooling === 'cls' ? 1 : count
    const start = item * rows * dimensions
    sums.fill(0)
    for (let place = 0; place < taken * dimensions; place++) {
      sums[place % dimensions]! += values[start + place]!
    }
    for (let place = 0; place < dimensions; place++) {
      pooled[item * dimensions + place] = sums[place]! / taken
    }
  }
  return pooled
}

import { AssayError } from '@assay/core'
import type { Projection } from './projection.js'

/** Pictures or latents, and how they are pooled. */
export interface PoolProjectionOptions {
  /** Channels of a row, which holds them one after the other, each row by row. */
  readonly channels: number
  readonly height: number
  readonly width: number
  /** k: edge of the squares that are averaged; divides height and width. */
  readonly pool: number
  /**
   * Whether the length of what pooling takes away follows, one number a channel: it tells a blurred
   * prediction from sharp pictures. Default: yes.
   */
  readonly residuals?: boolean
}

/**
 * k × k average pooling times k, which is an orthonormal projection, and the lengths of each channel's
 * rest. Distances between projected rows are lower bounds of those between rows: the projection by
 * Pythagoras, the lengths by the triangle inequality in the space that is orthogonal to it.
 *
 * @throws AssayError `INVALID_ARGUMENT` (sizes that are no whole numbers from 1, a pool that does not
 *   divide them); from `project` `SHAPE_MISMATCH`
 */
export function poolProjection(options: PoolProjectionOptions): Projection {
  assertSizes(options)
  const { channels, height, width, pool, residuals = true } = options
  const columns = channels * height * width
  const pooled = columns / pool ** 2
  return {
    columns,
    dimensions: pooled + (residuals ? channels : 0),
    project(row) {
      assertLength(row, columns)
      const means = poolMeans(row, options)
      const projected = new Float64Array(pooled + (residuals ? channels : 0))
      for (let at = 0; at < pooled; at += 1) projected[at] = pool * means[at]!
      if (residuals) projected.set(residualLengths(row, means, options), pooled)
      return projected
    },
  }
}

/** The mean of each square. */
function poolMeans(
  row: ArrayLike<number>,
  { channels, height, width, pool }: PoolProjectionOptions,
): Float64Array {
  const across = width / pool
  const means = new Float64Array((channels * height * across) / pool)
  const share = 1 / pool ** 2
  for (let line = 0; line < channels * height; line += 1) {
    const first = Math.floor(line / pool) * across
    for (let square = 0, at = line * width; square < across; square += 1) {
      let sum = 0
      for (const end = at + pool; at < end; at += 1) sum += row[at]!
      means[first + square]! += share * sum
    }
  }
  return means
}

/** From differences, not as the root of a difference of squares, which would cancel. */
function residualLengths(
  row: ArrayLike<number>,
  means: Float64Array,
  { channels, height, width, pool }: PoolProjectionOptions,
): Float64Array {
  const across = width / pool
  const lengths = new Float64Array(channels)
  for (let line = 0; line < channels * height; line += 1) {
    const first = Math.floor(line / pool) * across
    let sum = 0
    for (let square = 0, at = line * width; square < across; square += 1) {
      const mean = means[first + square]!
      for (const end = at + pool; at < end; at += 1) sum += (row[at]! - mean) ** 2
    }
    lengths[Math.floor(line / height)]! += sum
  }
  return lengths.map(Math.sqrt)
}

function assertSizes({ channels, height, width, pool }: PoolProjectionOptions): void {
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1
  const fits = height % pool === 0 && width % pool === 0
  if ([channels, height, width, pool].every(isCount) && fits) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `Rows of ${channels} × ${height} × ${width} cannot be pooled by ${pool}.`,
    value: pool,
    remedy: 'Give whole numbers from 1, and a pool that divides height and width.',
  })
}

function assertLength({ length }: ArrayLike<number>, columns: number): void {
  if (length === columns) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `A row of ${length} numbers cannot be pooled; ${columns} belong to it.`,
    value: length,
    remedy: 'Give rows of the shape that the projection was made for.',
  })
}

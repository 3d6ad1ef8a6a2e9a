import { expect } from 'vitest'
import type { GradientModel, GradientSet, ProjectionRecord } from '../gradient-set.js'

type Rows = readonly (readonly number[])[]

export const record: ProjectionRecord = {
  dimension: 3,
  type: 'rademacher',
  seed: 0,
  output: 'loss',
  timesteps: 10,
  normalized: false,
}

/** Gradients in float64, of which nothing else is known. */
export const setOf = (rows: Rows, ids: readonly string[] | null = null): GradientSet => ({
  rows: {
    data: Float64Array.from(rows.flat()),
    rows: rows.length,
    columns: rows[0]?.length ?? 1,
    ids,
  },
  projection: null,
})

export const modelOf = (
  train: Rows,
  query: Rows,
  more: Partial<GradientModel> = {},
): GradientModel => ({ id: 'one', train: setOf(train), query: setOf(query), ...more })

/** Expects numbers to lie within `tolerance` of those of other code. */
export function expectNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual).toHaveLength(expected.length)
  let worst = 0
  for (let at = 0; at < expected.length; at++) {
    worst = Math.max(worst, Math.abs(actual[at]! - expected[at]!))
    expect(Number.isFinite(actual[at])).toBe(true)
  }
  expect(worst).toBeLessThanOrEqual(tolerance)
}

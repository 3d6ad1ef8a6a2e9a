import type { Matrix } from '@assay/core'
import { scoreRows } from '../scores/score-rows.js'
import { selectUnitRows, type UnitViews } from '../scores/unit-rows.js'
import type { Trial } from './create-trials.js'
import { productTolerance, type RowProduct } from './row-product.js'

/** A block of the pool, and the queries that it is counted for. */
export interface CountBlockOptions {
  readonly trials: readonly Trial[]
  readonly queryRows: Matrix
  readonly others: UnitViews
  readonly product?: RowProduct | undefined
}

const queriesAtOnce = 64

/** Counts a block of the pool for every query. */
export async function countBlock(options: CountBlockOptions): Promise<void> {
  const { trials, queryRows, others, product } = options
  if (product) return countProducts({ ...options, product })
  for (const { row, counter } of trials) {
    counter.count({ scores: scoreRows({ matrix: queryRows, row }, others) })
  }
}

/** Products in float32 rule out what cannot matter; what is close is computed again in float64. */
async function countProducts({
  trials,
  queryRows,
  others,
  product,
}: CountBlockOptions & { readonly product: RowProduct }): Promise<void> {
  const tolerance = productTolerance(queryRows.columns)
  const { rows } = others.first
  for (let start = 0; start < trials.length; start += queriesAtOnce) {
    const batch = trials.slice(start, start + queriesAtOnce)
    const queries = selectUnitRows(
      { first: { ...queryRows, ids: null }, mirrored: null },
      batch.map(({ row }) => row),
    ).first
    const estimates = await product(queries, others.first)
    const second = others.mirrored && (await product(queries, others.mirrored))
    second?.forEach((score, at) => {
      if (score > estimates[at]!) estimates[at] = score
    })
    batch.forEach(({ row, counter }, at) => {
      const scores = estimates.subarray(at * rows, (at + 1) * rows)
      const refine = (other: number) =>
        scoreRows({ matrix: queryRows, row }, selectUnitRows(others, [other]))[0]!
      counter.count({ scores, tolerance, refine })
    })
  }
}

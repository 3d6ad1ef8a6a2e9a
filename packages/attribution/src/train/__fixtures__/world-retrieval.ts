import type { Matrix } from '@assay/core'
import { meanAveragePrecision, recallAtK, relevantRanks } from '@assay/metrics'
import { affineRows, rowsAtOnce } from '../../head/affine-rows.js'

/** Rows of unit length, model after model. */
export interface WorldRetrieval {
  readonly queries: Matrix
  readonly exemplars: Matrix
  readonly pool: Matrix
  readonly models: number
}

/** Ranks of each query's exemplars among the pool and themselves, by inner product in float64. */
export function worldRanks({ queries, exemplars, pool, models }: WorldRetrieval): number[][] {
  const { columns } = queries
  const doubles = (matrix: Matrix) => ({
    weight: Float64Array.from(matrix.data),
    bias: new Float64Array(matrix.rows),
  })
  const [poolRows, exemplarRows] = [doubles(pool), doubles(exemplars)]
  const [copies, own] = [queries.rows / models, exemplars.rows / models]
  const ranks: number[][] = []
  for (let row = 0; row < queries.rows; row += rowsAtOnce) {
    const x = Float64Array.from(
      queries.data.subarray(row * columns, (row + rowsAtOnce) * columns),
    )
    const others = affineRows({ x, rows: rowsAtOnce, ...poolRows })
    const theirs = affineRows({ x, rows: rowsAtOnce, ...exemplarRows })
    for (let at = 0; at < rowsAtOnce; at++) {
      const first = at * exemplars.rows + Math.floor((row + at) / copies) * own
      ranks.push(
        relevantRanks({
          relevant: theirs.subarray(first, first + own),
          others: others.subarray(at * pool.rows, (at + 1) * pool.rows),
        }),
      )
    }
  }
  return ranks
}

/** The figures of ranks: means over queries. */
export function worldMeasures(ranks: readonly number[][]) {
  const recallAt = (k: number) =>
    ranks.reduce((sum, own) => sum + recallAtK(own, k), 0) / ranks.length
  return {
    recallAt5: recallAt(5),
    recallAt10: recallAt(10),
    recallAt100: recallAt(100),
    meanAveragePrecision: meanAveragePrecision(ranks),
  }
}

import type { Tensor } from '@assay/core'
import type { TaskSession } from '@assay/tensor'
import type { SearchMetric } from '../metrics/search-metric.js'

/** Rows in memory that are put into cells. */
export interface PlacedRows {
  readonly data: Float32Array
  readonly columns: number
  readonly rows: number
  readonly metric: SearchMetric
  /** The metric's weight of each row; empty where it has none. */
  readonly weights: Float32Array
}

/** Centroids as the graph takes them. */
export interface CentroidFeeds {
  readonly centroids: Tensor
  readonly offsets: Tensor
}

/** Estimates of one run: 4 MB, near the caches and few beside the rows. */
const estimatesPerRun = 2 ** 20

/** Centroids, row-major, one a column and with minus half of their squared lengths. */
export function centroidFeeds(centroids: Float32Array, columns: number): CentroidFeeds {
  const cells = centroids.length / columns
  const transposed = new Float32Array(centroids.length)
  const offsets = new Float32Array(cells)
  for (let cell = 0; cell < cells; cell++) {
    let squares = 0
    for (let column = 0; column < columns; column++) {
      const value = centroids[cell * columns + column]!
      transposed[column * cells + cell] = value
      squares += value ** 2
    }
    offsets[cell] = -squares / 2
  }
  return {
    centroids: { type: 'float32', dims: [columns, cells], data: transposed },
    offsets: { type: 'float32', dims: [1, cells], data: offsets },
  }
}

/** The cell of each row, by the graph of `assignmentGraph`. */
export async function assignRows(
  { data, columns, rows, metric, weights }: PlacedRows,
  feeds: CentroidFeeds,
  { session, signal }: { readonly session: TaskSession; readonly signal: AbortSignal },
): Promise<Uint32Array> {
  const cells = new Uint32Array(rows)
  const most = feeds.offsets.data.length
  const rowsPerRun = Math.max(1, Math.floor(estimatesPerRun / most))
  for (let start = 0; start < rows; start += rowsPerRun) {
    signal.throwIfAborted()
    const end = Math.min(start + rowsPerRun, rows)
    const count = end - start
    const vectors = data.subarray(start * columns, end * columns)
    const found = await session.run({
      ...feeds,
      vectors: { type: 'float32', dims: [count, columns], data: vectors },
      ...(metric.weighting === 'factor' && {
        weights: { type: 'float32', dims: [count, 1], data: weights.subarray(start, end) },
      }),
    })
    const numbers = found['cells']?.data as Int32Array
    for (let row = 0; row < count; row++) {
      const cell = numbers[row]!
      // Where float32 overflows, no centroid is nearest; any cell will do.
      cells[start + row] = cell >= 0 && cell < most ? cell : 0
    }
  }
  return cells
}

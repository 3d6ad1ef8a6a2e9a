import type { Random } from '@assay/core'
import type { TaskContext } from '@assay/tensor'
import { float32Error } from '../metrics/float32-error.js'
import { vanishing } from '../metrics/inner-product.js'
import { assignRows, centroidFeeds, type PlacedRows } from './assign-rows.js'
import { assignmentGraph } from './assignment-graph.js'
import { type Cells, squaredDistance } from './cells.js'
import { copyPosition } from './copy-position.js'
import { trainCentroids } from './train-centroids.js'

/** How cells are made. */
export interface CellOptions {
  /** How many. */
  readonly count: number
  readonly random: Random
  /** The greatest length of any row, as the metric's error bound counts; infinite where not trusted. */
  readonly reach: number
  readonly signal: AbortSignal
}

/** Cells, and where rows have to go. */
export interface PlannedCells {
  readonly cells: Cells
  /** Number of the row that belongs at each place. */
  readonly numbers: Uint32Array
}

/**
 * Finds cells for rows; these still stand in their own order. Takes 12 bytes a row to keep. Which row comes into which cell changes no result of a search.
 */
export async function makeCells(
  context: Pick<TaskContext, 'openSession'>,
  rows: PlacedRows,
  { count, random, reach, signal }: CellOptions,
): Promise<PlannedCells> {
  const { columns, metric } = rows
  const session = await context.openSession(assignmentGraph(metric, columns))
  try {
    const run = { session, random, signal }
    const centroids = await trainCentroids(rows, count, run)
    const assigned = await assignRows(rows, centroidFeeds(centroids, columns), run)
    const excess = 4 * assignmentError(centroids, columns, reach)
    return sortedCells(rows, assigned, { count, columns, centroids, excess })
  } finally {
    await session.close()
  }
}

/**
 * How far the graph's `x c - |c|^2 / 2` may be from its true value, as for `errorBound` of a metric.
 * A row in one cell and not in another is nearer to its centroid but for twice this, hence but for four
 * times this in squared distances.
 */
function assignmentError(centroids: Float32Array, columns: number, reach: number): number {
  const cells = { centroids, columns }
  const origin = new Float64Array(columns)
  let longest = 0
  for (let cell = 0; cell < centroids.length / columns; cell++) {
    longest = Math.max(longest, Math.sqrt(squaredDistance(origin, cells, cell)))
  }
  const lost = vanishing(columns, 1 + reach + longest)
  return float32Error(columns) * (reach * longest + longest ** 2 / 2) + lost
}

/** The order of rows by cell, and by distance from its centroid within. */
function sortedCells(
  rows: PlacedRows,
  assigned: Uint32Array,
  parts: Pick<Cells, 'count' | 'columns' | 'centroids' | 'excess'>,
): PlannedCells {
  const starts = new Uint32Array(parts.count + 1)
  for (const cell of assigned) starts[cell + 1]! += 1
  for (let cell = 0; cell < parts.count; cell++) starts[cell + 1]! += starts[cell]!

  const position = new Float64Array(parts.columns)
  const next = starts.slice()
  const numbers = new Uint32Array(rows.rows)
  const distances = new Float64Array(rows.rows)
  assigned.forEach((cell, row) => {
    copyPosition(rows, row, position)
    const place = next[cell]!
    numbers[place] = row
    distances[place] = Math.sqrt(squaredDistance(position, parts, cell))
    next[cell]! += 1
  })
  for (let cell = 0; cell < parts.count; cell++) {
    const [from, to] = [starts[cell]!, starts[cell + 1]!]
    sortByDistance(numbers.subarray(from, to), distances.subarray(from, to))
  }
  return { cells: { ...parts, starts, distances }, numbers }
}

/** Sorts the rows of a cell, where they stand. */
function sortByDistance(numbers: Uint32Array, distances: Float64Array): void {
  const order = Uint32Array.from(numbers.keys()).sort((a, b) => distances[a]! - distances[b]!)
  numbers.set(order.map((index) => numbers[index]!))
  distances.set(Float64Array.from(order, (index) => distances[index]!))
}

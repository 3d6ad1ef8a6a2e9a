import type { Random } from '@assay/core'
import type { TaskSession } from '@assay/tensor'
import { assignRows, centroidFeeds, type PlacedRows } from './assign-rows.js'
import { squaredDistance } from './cells.js'
import { copyPosition } from './copy-position.js'

/** Rows that each centroid is the mean of, on average, while they are sought. */
const sampleRowsPerCell = 24
/** Rounds in which the first centroids are drawn. */
const draws = 16
/** Rounds of Lloyd's algorithm. More move centroids little, and no result depends on them. */
const rounds = 6

/** How often training compares a row of its sample with a centroid. */
export function trainingComparisons({ rows, cells }: { rows: number; cells: number }): number {
  // Drawing compares each row with each centroid once, as every round does.
  return Math.min(cells * sampleRowsPerCell, rows) * cells * (rounds + 1)
}

interface Training {
  readonly session: TaskSession
  readonly random: Random
  readonly signal: AbortSignal
}

/**
 * Centroids by k-means on a sample of rows: Lloyd's algorithm, from rows drawn so that they spread. A
 * centroid that loses all its rows stays where it is.
 *
 * Source: S. P. Lloyd (1982), Least squares quantization in PCM.
 */
export async function trainCentroids(
  rows: PlacedRows,
  cells: number,
  training: Training,
): Promise<Float32Array> {
  const sample = sampleRows(rows, cells * sampleRowsPerCell, training.random)
  let centroids = await drawCentroids(sample, cells, training)
  for (let round = 0; round < rounds; round++) {
    const feeds = centroidFeeds(centroids, rows.columns)
    centroids = means(sample, await assignRows(sample, feeds, training), centroids)
  }
  return centroids
}

/** Random rows, with repeats; all of them where as many are wanted. */
function sampleRows(rows: PlacedRows, count: number, random: Random): PlacedRows {
  if (count >= rows.rows) return rows
  const { columns } = rows
  const data = new Float32Array(count * columns)
  const weights = new Float32Array(rows.weights.length > 0 ? count : 0)
  for (let taken = 0; taken < count; taken++) {
    const row = random.integer(rows.rows)
    data.set(rows.data.subarray(row * columns, (row + 1) * columns), taken * columns)
    if (weights.length > 0) weights[taken] = rows.weights[row]!
  }
  return { ...rows, data, weights, rows: count }
}

/**
 * Rows to start from, drawn a batch at a time, each row with a probability that grows with its squared
 * distance from the nearest one drawn before.
 *
 * Source: Bahmani et al. (2012), Scalable k-means++, with batches of fixed size.
 */
async function drawCentroids(
  sample: PlacedRows,
  cells: number,
  training: Training,
): Promise<Float32Array> {
  const { columns } = sample
  const centroids = new Float32Array(cells * columns)
  const squares = new Float64Array(sample.rows).fill(1)
  const position = new Float64Array(columns)
  const batch = Math.ceil(cells / draws)
  for (let first = 0; first < cells; first += batch) {
    const last = Math.min(first + batch, cells)
    const drawn = drawRows(squares, last - first, training.random)
    drawn.forEach((row, index) => {
      copyPosition(sample, row, position)
      centroids.set(position, (first + index) * columns)
    })
    const fresh = { columns, centroids: centroids.subarray(first * columns, last * columns) }
    const feeds = centroidFeeds(fresh.centroids, columns)
    const assigned = await assignRows(sample, feeds, training)
    assigned.forEach((cell, row) => {
      copyPosition(sample, row, position)
      const square = squaredDistance(position, fresh, cell)
      squares[row] = first === 0 ? square : Math.min(squares[row]!, square)
    })
  }
  return centroids
}

/** Rows drawn with probabilities in proportion to weights; by turns where all weights are 0. */
function drawRows(weights: Float64Array, count: number, random: Random): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const marks = Float64Array.from({ length: count }, () => random.uniform() * total).sort()
  const rows: number[] = []
  let sum = 0
  weights.forEach((weight, row) => {
    sum += weight
    while (rows.length < count && sum > marks[rows.length]!) rows.push(row)
  })
  while (rows.length < count) rows.push(rows.length % weights.length)
  return rows
}

/** The mean position of the rows of each cell; the old centroid where there are none. */
function means(rows: PlacedRows, assigned: Uint32Array, centroids: Float32Array): Float32Array {
  const { columns } = rows
  const sums = new Float64Array(centroids.length)
  const counts = new Uint32Array(centroids.length / columns)
  const position = new Float64Array(columns)
  assigned.forEach((cell, row) => {
    copyPosition(rows, row, position)
    counts[cell]! += 1
    for (let column = 0; column < columns; column++)
      sums[cell * columns + column]! += position[column]!
  })
  // A loop, since Float32Array.from would list all values in between.
  const moved = centroids.slice()
  for (let index = 0; index < moved.length; index++) {
    const count = counts[Math.floor(index / columns)]!
    if (count > 0) moved[index] = sums[index]! / count
  }
  return moved
}

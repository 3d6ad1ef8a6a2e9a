import { float64Error } from '../metrics/float32-error.js'
import { type Cells, squaredDistance } from './cells.js'

/** Where the candidates of a query stand: pairs of a first row and one past the last. */
export interface CandidateRanges {
  readonly bounds: readonly number[]
  /** Rows in all ranges together. */
  readonly count: number
}

/** A query, as its position: see `Cells`. */
export interface PlacedQuery {
  readonly position: Float64Array
  /** Length of the position. */
  readonly length: number
}

/**
 * Rows that may lie within a distance of a query. No row within it is left out:
 *
 * - A row at distance `p` from its centroid is at least `|D - p|` away from a query at distance `D` from
 *   that centroid (triangle inequality).
 * - A row in another cell than the query is beyond the plane halfway between the two centroids, and so
 *   at least `(D² - N²) / 2d` away, where `N` is the query's distance from its nearest centroid and `d`
 *   the distance between the centroids.
 *
 * All distances are float64 and allowed for by a bound on their error.
 */
export function rangesWithinDistance(
  cells: Cells,
  { position, length }: PlacedQuery,
  distance: number,
): CandidateRanges {
  const squares = Float64Array.from({ length: cells.count }, (_, cell) =>
    squaredDistance(position, cells, cell),
  )
  const nearest = squares.reduce((best, square, cell) => (square < squares[best]! ? cell : best), 0)
  const unit = 8 * float64Error(cells.columns)
  const bounds: number[] = []
  let count = 0
  for (let cell = 0; cell < cells.count; cell++) {
    const toCentroid = Math.sqrt(squares[cell]!)
    const slack = unit * (toCentroid + distance + length)
    const end = cells.starts[cell + 1]!
    const from = firstAtLeast(cells, cell, toCentroid - distance - slack)
    if (from === end) continue
    const to = firstAtLeast(cells, cell, toCentroid + distance + slack, true)
    if (from >= to || isBeyond(cells, { squares, nearest, cell, length, distance })) continue
    bounds.push(from, to)
    count += to - from
  }
  return { bounds, count }
}

interface CellPair {
  /** Squared distances of the query from all centroids. */
  readonly squares: Float64Array
  readonly nearest: number
  readonly cell: number
  readonly length: number
  readonly distance: number
}

/** Whether the plane halfway between a cell's centroid and the nearest one is farther than a distance. */
function isBeyond(cells: Cells, { squares, nearest, cell, length, distance }: CellPair): boolean {
  if (cell === nearest) return false
  const { centroids, columns } = cells
  let apart = 0
  for (let column = 0; column < columns; column++) {
    const from = centroids[nearest * columns + column]!
    apart += (from - centroids[cell * columns + column]!) ** 2
  }
  apart = Math.sqrt(apart)
  const [own, other] = [squares[nearest]!, squares[cell]!]
  const rounding = own + other + (distance + length) * apart + length * Math.sqrt(other)
  const slack = cells.excess / 2 + 8 * float64Error(columns) * rounding
  return (other - own) / 2 - slack > distance * apart
}

/**
 * Rows whose inner product with a query may reach a value. With a row `x` at distance `p` from its
 * centroid `c`, `q x = q c + q (x - c) <= q c + |q| p`.
 */
export function rangesOfProduct(
  cells: Cells,
  { position, length }: PlacedQuery,
  least: number,
): CandidateRanges {
  const unit = 8 * float64Error(cells.columns)
  const bounds: number[] = []
  let count = 0
  for (let cell = 0; cell < cells.count; cell++) {
    const start = cell * cells.columns
    let product = 0
    let squares = 0
    for (let column = 0; column < cells.columns; column++) {
      const value = cells.centroids[start + column]!
      product += position[column]! * value
      squares += value ** 2
    }
    const wanted = (least - product) / length
    const slack = unit * (Math.sqrt(squares) + Math.abs(wanted))
    const from = firstAtLeast(cells, cell, wanted - slack)
    const to = cells.starts[cell + 1]!
    if (from === to) continue
    bounds.push(from, to)
    count += to - from
  }
  return { bounds, count }
}

/**
 * The first row of a cell whose distance is at least a value, or with `past` greater than it. The
 * first of all where the value is no number: then nothing is known.
 */
function firstAtLeast(
  { starts, distances }: Cells,
  cell: number,
  value: number,
  past = false,
): number {
  let from = starts[cell]!
  let to = starts[cell + 1]!
  while (from < to) {
    const middle = (from + to) >>> 1
    const distance = distances[middle]!
    if (distance < value || (past && distance === value)) from = middle + 1
    else to = middle
  }
  return from
}

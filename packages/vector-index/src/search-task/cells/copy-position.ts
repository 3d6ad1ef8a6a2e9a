import type { SearchMetric } from '../metrics/search-metric.js'

/** Rows with a metric. */
interface Rows {
  readonly data: Float32Array
  readonly columns: number
  readonly metric: SearchMetric
}

/** Writes the position of a row, the row times the metric's `queryFactor`, into `position`; gives its length. */
export function copyPosition(
  { data, columns, metric }: Rows,
  row: number,
  position: Float64Array,
): number {
  const start = row * columns
  let squares = 0
  for (let column = 0; column < columns; column++) {
    const value = data[start + column]!
    position[column] = value
    squares += value ** 2
  }
  const length = Math.sqrt(squares)
  const factor = metric.queryFactor(length)
  if (factor === 1) return length
  for (let column = 0; column < columns; column++) position[column]! *= factor
  return length * factor
}

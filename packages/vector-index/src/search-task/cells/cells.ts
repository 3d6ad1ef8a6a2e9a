/**
 * Cells of rows, each around a centroid; rows stand in memory cell after cell, in each by distance from
 * its centroid. The position of a vector is the vector times the metric's `queryFactor` of its length:
 * the vector itself, or its direction.
 */
export interface Cells {
  readonly count: number
  readonly columns: number
  /** One centroid a cell, row-major. */
  readonly centroids: Float32Array
  /** The first row of each cell; one more entry says where the last one ends. */
  readonly starts: Uint32Array
  /** Distance of the position of each row from the centroid of its cell, in float64. */
  readonly distances: Float64Array
  /**
   * A row lies in the cell whose centroid is nearest, but for this much: its squared distance from its
   * own centroid exceeds that from any other by no more. Infinite where nothing is known.
   */
  readonly excess: number
}

/** Squared distance between a position and a centroid, in float64. */
export function squaredDistance(
  position: Float64Array,
  { centroids, columns }: Pick<Cells, 'centroids' | 'columns'>,
  cell: number,
): number {
  const start = cell * columns
  let sum = 0
  for (let column = 0; column < columns; column++) {
    sum += (position[column]! - centroids[start + column]!) ** 2
  }
  return sum
}

import type { ConceptDirection } from '../score/concept-direction.js'

/** Directions that a row is multiplied with in one pass. */
export interface PackedDirections {
  /** Number after number for four directions at a time; zeros where the last four are fewer. */
  readonly values: Float64Array
  readonly count: number
  readonly columns: number
}

/** Packs directions of one length, one or more, for {@link directionProducts}. */
export function packDirections(directions: readonly ConceptDirection[]): PackedDirections {
  const columns = directions[0]?.vector.length ?? 0
  const values = new Float64Array(4 * Math.ceil(directions.length / 4) * columns)
  for (const [index, { vector }] of directions.entries()) {
    const lane = (index - (index % 4)) * columns + (index % 4)
    for (let column = 0; column < columns; column += 1) values[lane + 4 * column] = vector[column]!
  }
  return { values, count: directions.length, columns }
}

/**
 * Inner products of the row that starts at `start` with each direction, summed in float64 from the first
 * column to the last: no product depends on which others it is computed with.
 */
export function directionProducts(
  data: Float32Array,
  start: number,
  { values, count, columns }: PackedDirections,
): Float64Array {
  const products = new Float64Array(4 * Math.ceil(count / 4))
  for (let lane = 0, at = 0; lane < count; lane += 4) {
    let [first, second, third, fourth] = [0, 0, 0, 0]
    for (let column = 0; column < columns; column += 1, at += 4) {
      const value = data[start + column]!
      first += value * values[at]!
      second += value * values[at + 1]!
      third += value * values[at + 2]!
      fourth += value * values[at + 3]!
    }
    products[lane] = first
    products[lane + 1] = second
    products[lane + 2] = third
    products[lane + 3] = fourth
  }
  return products.subarray(0, count)
}

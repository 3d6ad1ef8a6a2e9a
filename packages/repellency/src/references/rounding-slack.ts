/** Largest relative error of a float32, and of two roundings to float64. */
const FLOAT32 = 2 ** -24
const FLOAT64 = 2 ** -52
/** Beyond what float32 loses near zero. */
const VANISHING = 2 ** -140

/**
 * How much farther apart than their rows the float32 projections of a point and of a row within `radius`
 * of it can seem, with a factor of two to spare. Such a row is no longer than the point and the radius
 * together, a projection no longer than what it is of; each is computed in float64, of `columns` numbers,
 * and rounded to float32 once, and so is their distance.
 *
 * @param length Euclidean length of the point
 *
 * Source: Higham, Accuracy and Stability of Numerical Algorithms (2nd ed.), §3.1.
 */
export function roundingSlack(length: number, radius: number, columns: number): number {
  const relative = FLOAT32 + 4 * (columns + 8) * FLOAT64
  return 2 * (relative * (2 * length + radius) + columns * VANISHING)
}

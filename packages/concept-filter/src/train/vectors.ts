/** Adds `factor` times a vector to another, in place. */
export function addScaled(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let at = 0; at < target.length; at += 1) target[at]! += factor * vector[at]!
}

/** Inner product of two vectors of one length, in float64. */
export function innerProduct(one: Float64Array, other: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0]
  let at = 0
  for (; at + 3 < one.length; at += 4) {
    first += one[at]! * other[at]!
    second += one[at + 1]! * other[at + 1]!
    third += one[at + 2]! * other[at + 2]!
    fourth += one[at + 3]! * other[at + 3]!
  }
  for (; at < one.length; at += 1) first += one[at]! * other[at]!
  return first + second + (third + fourth)
}

/** one - other. */
export const difference = (one: Float64Array, other: Float64Array): Float64Array =>
  one.map((value, at) => value - other[at]!)

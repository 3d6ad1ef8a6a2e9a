import type { Matrix } from '@assay/core'

/** Inner product of a row of float32 values with a float64 vector, summed in float64. */
export function rowProduct(data: Float32Array, start: number, vector: Float64Array): number {
  const { length } = vector
  let [first, second, third, fourth] = [0, 0, 0, 0]
  let column = 0
  for (; column + 3 < length; column += 4) {
    first += data[start + column]! * vector[column]!
    second += data[start + column + 1]! * vector[column + 1]!
    third += data[start + column + 2]! * vector[column + 2]!
    fourth += data[start + column + 3]! * vector[column + 3]!
  }
  for (; column < length; column += 1) first += data[start + column]! * vector[column]!
  return first + second + (third + fourth)
}

/** Length of a row. */
export function rowLength({ data, columns }: Matrix, row: number): number {
  const start = row * columns
  let sum = 0
  for (let at = start; at < start + columns; at += 1) sum += data[at]! * data[at]!
  return Math.sqrt(sum)
}

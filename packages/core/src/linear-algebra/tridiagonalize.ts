import type { SquareMatrix } from './square-matrix.js'

/** A symmetric tridiagonal matrix T with A = Q T Qᵀ. */
export interface Tridiagonal {
  /** Diagonal of T, `size` values. */
  readonly diagonal: Float64Array
  /** Beside the diagonal, `size - 1` values and a 0. */
  readonly offDiagonal: Float64Array
  /** Qᵀ, row-major: row i belongs to column i of T. Empty where it is not asked for. */
  readonly basis: Float64Array
}

/**
 * The Householder vector v of column `k` below the diagonal, scaled so that the reflection is
 * I - v vᵀ, and the value that it leaves beside the diagonal.
 */
function reflector(work: Float64Array, size: number, k: number, v: Float64Array): number {
  let largest = 0
  for (let row = k + 1; row < size; row++) {
    v[row] = work[row * size + k]!
    largest = Math.max(largest, Math.abs(v[row]!))
  }
  if (largest === 0) return 0
  // Measured in units of the largest entry, lest squares vanish.
  let squares = 0
  for (let row = k + 1; row < size; row++) {
    v[row] = v[row]! / largest
    squares += v[row]! ** 2
  }
  // The sign that adds, lest the first entry cancel.
  const first = v[k + 1]!
  const beside = first > 0 ? -Math.sqrt(squares) : Math.sqrt(squares)
  const scale = Math.sqrt(squares - first * beside)
  v[k + 1] = first - beside
  for (let row = k + 1; row < size; row++) v[row] = v[row]! / scale
  return beside * largest
}

/** p = A v over the rows and columns past `k`, of which the lower half is read. */
function multiplyLower(
  work: Float64Array,
  size: number,
  k: number,
  v: Float64Array,
  p: Float64Array,
) {
  p.fill(0, k + 1)
  for (let row = k + 1; row < size; row++) {
    const start = row * size
    const factor = v[row]!
    let sum = work[start + row]! * factor
    for (let column = k + 1; column < row; column++) {
      const value = work[start + column]!
      sum += value * v[column]!
      p[column] = p[column]! + value * factor
    }
    p[row] = p[row]! + sum
  }
}

/** A becomes (I - v vᵀ) A (I - v vᵀ) in its lower half: A - v wᵀ - w vᵀ with w = p - (pᵀv / 2) v. */
function reflectLower(
  work: Float64Array,
  size: number,
  k: number,
  v: Float64Array,
  p: Float64Array,
) {
  let product = 0
  for (let row = k + 1; row < size; row++) product += p[row]! * v[row]!
  for (let row = k + 1; row < size; row++) p[row] = p[row]! - (product / 2) * v[row]!
  for (let row = k + 1; row < size; row++) {
    const start = row * size
    const vRow = v[row]!
    const wRow = p[row]!
    for (let column = k + 1; column <= row; column++) {
      const at = start + column
      work[at] = work[at]! - vRow * p[column]! - wRow * v[column]!
    }
  }
}

/**
 * Qᵀ = H(last) ... H(1) H(0), from the vectors kept in `reflectors`. Built from the last one on,
 * where the product is the identity outside a growing corner.
 */
function accumulate(reflectors: Float64Array[], size: number): Float64Array {
  const basis = new Float64Array(size * size)
  for (let row = 0; row < size; row++) basis[row * size + row] = 1
  for (let k = reflectors.length - 1; k >= 0; k--) {
    const v = reflectors[k]!
    // Right multiplication by I - v vᵀ, row by row.
    for (let row = k + 1; row < size; row++) {
      const start = row * size
      let product = 0
      for (let column = k + 1; column < size; column++) {
        product += basis[start + column]! * v[column]!
      }
      for (let column = k + 1; column < size; column++) {
        basis[start + column] = basis[start + column]! - product * v[column]!
      }
    }
  }
  return basis
}

/**
 * Householder reduction of a symmetric matrix to tridiagonal form (Golub and Van Loan 2013, "Matrix
 * Computations", algorithm 8.3.1). The lower half is read. About 4/3 n³ operations, twice that with
 * the basis.
 */
export function tridiagonalize({ data, size }: SquareMatrix, withBasis: boolean): Tridiagonal {
  const work = data.slice()
  const offDiagonal = new Float64Array(size)
  const reflectors: Float64Array[] = []
  const p = new Float64Array(size)
  let v = new Float64Array(size)
  for (let k = 0; k < size - 1; k++) {
    if (withBasis) {
      v = new Float64Array(size)
      reflectors.push(v)
    }
    offDiagonal[k] = reflector(work, size, k, v)
    multiplyLower(work, size, k, v, p)
    reflectLower(work, size, k, v, p)
  }
  const diagonal = Float64Array.from({ length: size }, (_, row) => work[row * size + row]!)
  const basis = withBasis ? accumulate(reflectors, size) : new Float64Array()
  return { diagonal, offDiagonal, basis }
}

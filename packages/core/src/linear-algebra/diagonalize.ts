import type { Tridiagonal } from './tridiagonalize.js'

/** Turns rows `first` and `first + 1` of `basis` by the rotation (c, s). */
function rotateRows(basis: Float64Array, size: number, first: number, c: number, s: number): void {
  const upper = first * size
  const lower = upper + size
  for (let column = 0; column < size; column++) {
    const a = basis[upper + column]!
    const b = basis[lower + column]!
    basis[upper + column] = c * a + s * b
    basis[lower + column] = c * b - s * a
  }
}

/** The eigenvalue of the last 2 x 2 block that lies closer to its last entry (Wilkinson's shift). */
function wilkinsonShift(diagonal: Float64Array, offDiagonal: Float64Array, last: number): number {
  const beside = offDiagonal[last - 1]!
  const half = (diagonal[last - 1]! - diagonal[last]!) / 2
  const root = Math.hypot(half, beside)
  return diagonal[last]! - beside * (beside / (half < 0 ? half - root : half + root))
}

/** One implicit QR step on the rows `first` to `last`, by chasing the bulge downwards. */
function step({ diagonal, offDiagonal, basis }: Tridiagonal, first: number, last: number): void {
  let x = diagonal[first]! - wilkinsonShift(diagonal, offDiagonal, last)
  let z = offDiagonal[first]!
  for (let k = first; k < last; k++) {
    // Never 0, as no value beside the diagonal of this block is negligible.
    const r = Math.hypot(x, z)
    const c = x / r
    const s = z / r
    if (k > first) offDiagonal[k - 1] = r
    const a = diagonal[k]!
    const b = offDiagonal[k]!
    const d = diagonal[k + 1]!
    diagonal[k] = c * c * a + 2 * c * s * b + s * s * d
    diagonal[k + 1] = s * s * a - 2 * c * s * b + c * c * d
    offDiagonal[k] = (c * c - s * s) * b + c * s * (d - a)
    if (k < last - 1) {
      x = offDiagonal[k]!
      z = s * offDiagonal[k + 1]!
      offDiagonal[k + 1] = c * offDiagonal[k + 1]!
    }
    if (basis.length > 0) rotateRows(basis, diagonal.length, k, c, s)
  }
}

/**
 * Turns a tridiagonal matrix into a diagonal one, in place, by the implicit QR algorithm with
 * Wilkinson's shift, which converges from any start (Golub and Van Loan 2013, algorithm 8.3.3). The
 * rows of `basis` become eigenvectors.
 */
export function diagonalize(tridiagonal: Tridiagonal): void {
  const { diagonal, offDiagonal } = tridiagonal
  let norm = 0
  for (let k = 0; k < diagonal.length; k++) {
    norm = Math.max(norm, Math.abs(diagonal[k]!) + Math.abs(offDiagonal[k]!))
  }
  // What is this small changes no eigenvalue by more than the reduction already did.
  const negligible = Number.EPSILON * norm
  const isCut = (k: number) => Math.abs(offDiagonal[k]!) <= negligible
  let last = diagonal.length - 1
  while (last > 0) {
    if (isCut(last - 1)) {
      last -= 1
      continue
    }
    let first = last - 1
    while (first > 0 && !isCut(first - 1)) first -= 1
    step(tridiagonal, first, last)
  }
}

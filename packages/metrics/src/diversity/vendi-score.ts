import { AssayError, type Matrix } from '@assay/core'
import { columnGram, type RowVectors, rowGram, symmetricEigen } from '@assay/core/linear-algebra'
import { assertUsable } from '../kernels/assert-usable.js'
import { unitRows } from '../kernels/unit-rows.js'

/** Options of the Vendi score. */
export interface VendiOptions {
  /**
   * Order q of the entropy, from 0 to Infinity. Large orders look at common items only, small ones
   * count rare items more; 0 is the rank. Default: 1, Shannon entropy.
   */
  readonly order?: number
}

/**
 * The Vendi score: how many different items a set amounts to, from 1 (all alike) to n (all
 * orthogonal). exp(-Σ λ ln λ) over the eigenvalues λ of K / n, where K holds the cosines of all pairs;
 * of order q, (Σ λ^q)^(1 / (1 - q)). Exact: of X Xᵀ and Xᵀ X, which share their eigenvalues, the
 * smaller one is taken.
 *
 * Friedman and Dieng 2023, "The Vendi Score", definition 3.1; orders from Pasarkar and Dieng 2024,
 * "Cousins of the Vendi Score".
 *
 * @throws AssayError `EMPTY_INPUT`, `ZERO_VECTOR`, `NOT_FINITE`, `INVALID_ARGUMENT` (order)
 */
export function vendiScore(embeddings: Matrix, options: VendiOptions = {}): number {
  const order = vendiOrder(options)
  assertUsable(embeddings, { name: 'embeddings' })
  const score = hillNumber(cosineSpectrum(unitRows(embeddings)), order)
  return Math.min(embeddings.rows, score)
}

/** The order, with its default. @throws AssayError `INVALID_ARGUMENT` */
export function vendiOrder({ order = 1 }: VendiOptions): number {
  if (order >= 0) return order
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The order of a Vendi score must be from 0 to Infinity, got ${order}.`,
    value: order,
    remedy: 'Leave it out for the Shannon form, or pass 2 or Infinity for dominance.',
  })
}

/** The eigenvalues other than 0 of the cosine matrix of unit rows, as shares of their sum. */
function cosineSpectrum(rows: RowVectors): Float64Array {
  const gram = rows.rows > rows.columns ? columnGram(rows) : rowGram(rows)
  return shares(symmetricEigen(gram, { vectors: false }).values)
}

/** Eigenvalues, largest first, as shares of their sum, without those that are rounding noise. */
export function shares(eigenvalues: Float64Array): Float64Array {
  const noise = eigenvalues.length * Number.EPSILON * (eigenvalues[0] ?? 0)
  const kept = eigenvalues.filter((value) => value > noise)
  const sum = kept.reduce((total, value) => total + value, 0)
  return kept.map((value) => value / sum)
}

/** The Hill number of some order of positive shares, largest first: their effective number. */
export function hillNumber(shares: Float64Array, order: number): number {
  const largest = shares[0] ?? 1
  if (order === Number.POSITIVE_INFINITY) return 1 / largest
  if (order === 1) {
    return Math.exp(shares.reduce((entropy, share) => entropy - share * Math.log(share), 0))
  }
  // Powers of ratios to the largest, lest all of them underflow.
  const powers = shares.reduce((sum, share) => sum + (share / largest) ** order, 0)
  return Math.exp((order * Math.log(largest) + Math.log(powers)) / (1 - order))
}

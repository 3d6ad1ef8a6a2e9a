import { AssayError, type Matrix } from '@assay/core'
import { columnGram, rowGram, symmetricEigenvalues } from '@assay/core/linear-algebra'
import { assertUsable } from '../kernels/assert-usable.js'
import { unitRows } from '../kernels/unit-rows.js'
import type { WideRows } from '../kernels/wide-rows.js'
import { hillNumber } from './hill-number.js'

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
  const [score] = vendiScores(embeddings, [options.order ?? 1])
  return score!
}

/**
 * Vendi scores of several orders, each as {@link vendiScore} gives it, from one look at the set.
 *
 * @throws AssayError as `vendiScore` does
 */
export function vendiScores(embeddings: Matrix, orders: readonly number[]): readonly number[] {
  for (const order of orders) assertOrder(order)
  assertUsable(embeddings, { name: 'embeddings' })
  const spectrum = cosineSpectrum(unitRows(embeddings))
  return orders.map((order) => Math.min(embeddings.rows, Math.max(1, hillNumber(spectrum, order))))
}

function assertOrder(order: number): void {
  if (order >= 0) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The order of a Vendi score must be from 0 to Infinity, got ${order}.`,
    value: order,
    remedy: 'Leave it out for the Shannon form, or pass 2 or Infinity for dominance.',
  })
}

/** The eigenvalues of the cosine matrix of unit rows, as shares of their sum, without those of 0. */
function cosineSpectrum(rows: WideRows): Float64Array {
  const gram = rows.rows > rows.columns ? columnGram(rows) : rowGram(rows)
  const eigenvalues = symmetricEigenvalues(gram)
  const noise = eigenvalues.length * Number.EPSILON * eigenvalues[0]!
  const kept = eigenvalues.filter((value) => value > noise)
  const sum = kept.reduce((total, value) => total + value, 0)
  return kept.map((value) => value / sum)
}

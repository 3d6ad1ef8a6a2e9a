import { assertComparable, type Matrix } from '@assay/core'
import {
  columnGram,
  type SquareMatrix,
  symmetricEigen,
  symmetricEigenvalues,
} from '@assay/core/linear-algebra'
import { assertUsable } from '../kernels/assert-usable.js'
import { rowProducts } from '../kernels/row-products.js'
import { type WideRows, widen } from '../kernels/wide-rows.js'

/** Mean and covariance of a set. */
interface Moments {
  readonly mean: Float64Array
  /** With n - 1 in the denominator. */
  readonly covariance: SquareMatrix
}

/**
 * The Fréchet distance of two sets, taken as normal distributions, in squared units of the embedding:
 * ‖μ1 - μ2‖² + Tr(C1 + C2 - 2 (C1 C2)^½). Over Inception features this is FID, over DINOv2 features
 * FD_DINOv2. It is biased upwards in small sets: compare only sets of one size, with more rows than
 * columns.
 *
 * Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", equation 6.
 *
 * @returns at least 0, correct to some 1e-7 of Tr(C1 + C2)
 * @throws AssayError `EMPTY_INPUT`, `INVALID_ARGUMENT` (fewer than 2 rows), `NOT_FINITE`,
 *   `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`
 */
export function frechetDistance(one: Matrix, other: Matrix): number {
  assertComparable(one, other)
  assertUsable(one, { name: 'the first set', minimum: 2 })
  assertUsable(other, { name: 'the second set', minimum: 2 })
  const a = moments(one)
  const b = moments(other)
  const gap = a.mean.reduce((sum, value, column) => sum + (value - b.mean[column]!) ** 2, 0)
  const spread = trace(a.covariance) + trace(b.covariance)
  return Math.max(0, gap + spread - 2 * traceOfRoot(a.covariance, b.covariance))
}

function moments(matrix: Matrix): Moments {
  const { data, rows, columns } = widen(matrix)
  const mean = new Float64Array(columns)
  for (let at = 0; at < data.length; at++) mean[at % columns]! += data[at]! / rows
  for (let at = 0; at < data.length; at++) data[at]! -= mean[at % columns]!
  const scatter = columnGram({ data, rows, columns })
  return { mean, covariance: { ...scatter, data: scatter.data.map((sum) => sum / (rows - 1)) } }
}

const trace = ({ data, size }: SquareMatrix) =>
  data.reduce((sum, value, at) => (at % (size + 1) === 0 ? sum + value : sum), 0)

/**
 * Tr((C1 C2)^½) through symmetric matrices alone: with C1 = Wᵀ W, the eigenvalues of C1 C2 other than
 * 0 are those of W C2 Wᵀ.
 */
function traceOfRoot(one: SquareMatrix, other: SquareMatrix): number {
  const root = symmetricRoot(one)
  const half = rowProducts(root, { data: other.data, rows: other.size, columns: other.size })
  const { data } = rowProducts(half, root)
  const values = symmetricEigenvalues({ data, size: root.rows })
  return aboveNoise(values, root.columns).reduce((sum, value) => sum + Math.sqrt(value), 0)
}

/** W with C = Wᵀ W, one row an eigenvalue of C that is not rounding noise. */
function symmetricRoot(matrix: SquareMatrix): WideRows {
  const columns = matrix.size
  const { values, vectors } = symmetricEigen(matrix)
  const kept = aboveNoise(values, columns)
  const data = new Float64Array(kept.length * columns)
  for (let at = 0; at < data.length; at++) {
    data[at] = Math.sqrt(kept[Math.floor(at / columns)]!) * vectors[at]!
  }
  return { data, rows: kept.length, columns }
}

/** Eigenvalues, largest first, of which the root would not be the root of rounding noise. */
const aboveNoise = (values: Float64Array, size: number) =>
  values.filter((value) => value > size * Number.EPSILON * values[0]!)

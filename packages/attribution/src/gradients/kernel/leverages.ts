import { AssayError } from '@assay/core'
import { gradientBlocks } from '../gradient-blocks.js'
import type { GradientRows } from '../gradient-set.js'
import type { WideRows } from '../products/matrix-products.js'
import type { GramKernel, KernelOptions } from './gram-kernel.js'
import type { KernelFactor } from './kernel-factor.js'
import { solveLower } from './solve-rows.js'

const squaredLength = ({ data, columns }: WideRows, row: number): number => {
  let sum = 0
  for (let at = row * columns; at < (row + 1) * columns; at++) sum += data[at]! ** 2
  return sum
}

/** What leverages are computed from. */
export interface LeverageOptions extends KernelOptions {
  readonly train: GradientRows
  readonly form: GramKernel['form']
  /** The factor of Gram + lambda I. */
  readonly factor: KernelFactor
  readonly lambda: number
}

/**
 * 1 − hᵢ for each training picture, where hᵢ = φᵢᵀ (Φᵀ Φ + λI)⁻¹ φᵢ is its leverage, in [0, 1): the share
 * of its prediction that is its own doing. In the dual form it is λ ((Φ Φᵀ + λI)⁻¹)ᵢᵢ.
 *
 * @throws AssayError `NOT_POSITIVE_DEFINITE` with the row where a leverage is 1: without that picture the
 *   model is not determined
 */
export async function unexplainedShares(options: LeverageOptions): Promise<Float64Array> {
  const { train, form, factor, lambda, signal } = options
  const shares = new Float64Array(train.rows)
  const set = (row: number, share: number) => {
    if (share <= 8 * factor.lower.size * Number.EPSILON) throw undetermined(train, row, share)
    shares[row] = share
  }
  if (form === 'primal') {
    for await (const block of gradientBlocks(train, { signal })) {
      const solved = await solveLower(factor, block, options)
      for (let row = 0; row < block.rows; row++) {
        set(block.firstRow + row, 1 - squaredLength(solved, row))
      }
    }
  } else {
    const inverse = await solveLower(factor, unit(train.rows), options)
    for (let row = 0; row < train.rows; row++) set(row, lambda * squaredLength(inverse, row))
  }
  return shares
}

function unit(size: number): WideRows {
  const data = new Float64Array(size * size)
  for (let at = 0; at < data.length; at += size + 1) data[at] = 1
  return { data, rows: size, columns: size }
}

function undetermined(train: GradientRows, row: number, share: number): AssayError {
  const id = train.ids?.[row] ?? String(row)
  return new AssayError({
    code: 'NOT_POSITIVE_DEFINITE',
    message: `The leverage of ${JSON.stringify(id)} is 1: without this picture the kernel is singular.`,
    value: share,
    remedy: 'Raise lambda, or leave out the leverage.',
    location: { row, id },
  })
}

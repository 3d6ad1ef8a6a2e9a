import { gradientBlocks } from '../gradient-blocks.js'
import type { GradientRows } from '../gradient-set.js'
import type { WideRows } from '../products/matrix-products.js'
import type { GramKernel, KernelOptions } from './gram-kernel.js'
import type { KernelFactor } from './kernel-factor.js'
import { paste } from './matrix-parts.js'
import { solveRows } from './solve-rows.js'

/** Q Φᵀ: the inner product of each row with each training gradient. */
async function productsWithTrain(
  rows: WideRows,
  train: GradientRows,
  { products, signal }: KernelOptions,
): Promise<WideRows> {
  const all = {
    data: new Float64Array(rows.rows * train.rows),
    rows: rows.rows,
    columns: train.rows,
  }
  for await (const block of gradientBlocks(train, { signal })) {
    const data = await products.rowProducts(rows, block, signal)
    paste(all, { data, rows: rows.rows, columns: block.rows }, [0, block.firstRow])
  }
  return all
}

/** What the scores of one model are made from. */
export interface KernelScoresOptions extends KernelOptions {
  readonly train: GradientRows
  /** Gradients of the queries, all of them. */
  readonly query: WideRows
  readonly form: GramKernel['form']
  /** The factor of Gram + lambda I. */
  readonly factor: KernelFactor
}

/**
 * φᵀ (Φᵀ Φ + λI)⁻¹ Φᵀ for each query φ: the kernel of TRAK (Park et al. 2023, "TRAK: attributing model
 * behavior at scale", section 3). The dual form φᵀ Φᵀ (Φ Φᵀ + λI)⁻¹ is equal by the push-through
 * identity.
 *
 * @returns a row a query, a column a training picture
 */
export async function kernelScores({
  train,
  query,
  form,
  factor,
  ...options
}: KernelScoresOptions): Promise<WideRows> {
  if (form === 'primal') {
    return productsWithTrain(await solveRows(factor, query, options), train, options)
  }
  return solveRows(factor, await productsWithTrain(query, train, options), options)
}

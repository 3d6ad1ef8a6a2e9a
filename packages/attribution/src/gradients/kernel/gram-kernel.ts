import type { SquareMatrix } from '@assay/core/linear-algebra'
import { gradientBlocks, rowsPerBlock } from '../gradient-blocks.js'
import type { GradientRows } from '../gradient-set.js'
import type { MatrixProducts, WideRows } from '../products/matrix-products.js'
import { transposed } from './matrix-parts.js'

/** Which of two equal forms of the kernel is solved. */
export type KernelForm = 'primal' | 'dual'

/** The inner products of training gradients, of which every lambda makes another kernel. */
export interface GramKernel {
  /** `primal`: Φᵀ Φ, a row and column a number of a gradient; `dual`: Φ Φᵀ, one a training picture. */
  readonly form: KernelForm
  readonly gram: SquareMatrix
  /** Training gradients that are zero: pictures that can have no influence. */
  readonly zeroRows: number
}

/** How a kernel is computed. */
export interface KernelOptions {
  readonly products: MatrixProducts
  readonly signal?: AbortSignal | undefined
}

/** The form with the smaller system: `dual` where there are fewer pictures than numbers a gradient. */
export const smallerForm = ({ rows, columns }: GradientRows): KernelForm =>
  rows < columns ? 'dual' : 'primal'

/**
 * Φᵀ Φ or Φ Φᵀ of the training gradients Φ, in float64.
 *
 * @throws AssayError `NOT_FINITE` with row and id, `ABORTED`
 */
export async function gramKernel(
  train: GradientRows,
  form: KernelForm,
  options: KernelOptions,
): Promise<GramKernel> {
  const size = form === 'primal' ? train.columns : train.rows
  const data = new Float64Array(size * size)
  let zeroRows = 0
  const { signal, products } = options
  for await (const block of gradientBlocks(train, { signal })) {
    zeroRows += countZeroRows(block)
    if (form === 'dual') await addDualRows(data, { train, block }, options)
    else {
      const columns = transposed(block)
      const sums = await products.rowProducts(columns, columns, signal)
      for (let at = 0; at < sums.length; at++) data[at] = data[at]! + sums[at]!
    }
  }
  return { form, gram: { data, size }, zeroRows }
}

/** The rows of Φ Φᵀ that belong to a block, below the diagonal, and their mirror images above it. */
async function addDualRows(
  data: Float64Array,
  { train, block }: { train: GradientRows; block: WideRows & { readonly firstRow: number } },
  { products, signal }: KernelOptions,
): Promise<void> {
  const size = train.rows
  const step = rowsPerBlock(train.columns)
  for await (const read of gradientBlocks(train, { step, signal })) {
    if (read.firstRow > block.firstRow) break
    const other = read.firstRow === block.firstRow ? block : read
    const sums = await products.rowProducts(block, other, signal)
    for (let row = 0; row < block.rows; row++) {
      for (let column = 0; column < other.rows; column++) {
        const value = sums[row * other.rows + column]!
        data[(block.firstRow + row) * size + read.firstRow + column] = value
        data[(read.firstRow + column) * size + block.firstRow + row] = value
      }
    }
  }
}

function countZeroRows({ data, rows, columns }: WideRows): number {
  let count = 0
  for (let row = 0; row < rows; row++) {
    let column = 0
    while (column < columns && data[row * columns + column] === 0) column += 1
    if (column === columns) count += 1
  }
  return count
}

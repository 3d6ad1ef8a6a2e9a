import { AssayError } from '@assay/core'
import { cholesky, type SquareMatrix } from '@assay/core/linear-algebra'
import type { WideRows } from '../products/matrix-products.js'
import type { KernelOptions } from './gram-kernel.js'
import { invertLower } from './invert-lower.js'
import { cutOut, paste } from './matrix-parts.js'

/** The Cholesky factor of a kernel, in blocks. */
export interface KernelFactor {
  /** L with kernel = L Lᵀ, row-major; what stands above its diagonal means nothing. */
  readonly lower: SquareMatrix
  /** The inverses of the blocks on its diagonal, in order. */
  readonly inverses: readonly WideRows[]
  /** Rows of a block; the last may have fewer. */
  readonly blockRows: number
  /** Smallest pivot as a share of the largest diagonal value: how far from singular the kernel is, roughly. */
  readonly smallestPivot: number
}

/** How a kernel is factorised. */
export interface FactorOptions extends KernelOptions {
  /** Added to the diagonal, at least 0. */
  readonly lambda: number
  /** Rows of a block. Default: 256. */
  readonly blockRows?: number
}

/** Digits that must be left of a pivot after rounding: below this share it is nothing but rounding. */
const roundingShare = (size: number): number => 8 * size * Number.EPSILON

/**
 * The Cholesky factor of Gram + lambda I, block by block (Golub and Van Loan 2013, section 4.2.9), so
 * that nearly all of the work is matrix products.
 *
 * @throws AssayError `NOT_POSITIVE_DEFINITE` where the kernel is singular to within rounding, `ABORTED`
 */
export async function kernelFactor(
  gram: SquareMatrix,
  { lambda, blockRows = 256, products, signal }: FactorOptions,
): Promise<KernelFactor> {
  const { size } = gram
  const data = gram.data.slice()
  const largest = raiseDiagonal(data, size, lambda)
  const rest = { data, rows: size, columns: size }
  const inverses: WideRows[] = []
  let smallest = Number.POSITIVE_INFINITY
  for (let first = 0; first < size; first += blockRows) {
    const end = Math.min(first + blockRows, size)
    const block = factorBlock(rest, [first, end], lambda)
    for (let at = 0; at < block.size; at++) {
      smallest = Math.min(smallest, block.data[at * (block.size + 1)]! ** 2)
    }
    if (smallest <= roundingShare(size) * largest) throw singular(smallest, lambda)
    const inverse = invertLower(block)
    inverses.push(inverse)
    if (end === size) break
    const below = cutOut(rest, [end, size], [first, end])
    const panel = { ...below, data: await products.rowProducts(below, inverse, signal) }
    paste(rest, panel, [end, first])
    await subtractProducts(rest, { panel, first: end }, { products, signal })
  }
  return { lower: { data, size }, inverses, blockRows, smallestPivot: smallest / largest }
}

/** Adds lambda to the diagonal and returns the largest value there. */
function raiseDiagonal(data: Float64Array, size: number, lambda: number): number {
  let largest = 0
  for (let at = 0; at < data.length; at += size + 1) {
    data[at] = data[at]! + lambda
    largest = Math.max(largest, data[at]!)
  }
  return largest
}

/** Factorises a block on the diagonal in place. */
function factorBlock(
  rest: WideRows,
  range: readonly [number, number],
  lambda: number,
): SquareMatrix {
  const { data, rows: size } = cutOut(rest, range, range)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      data[column * size + row] = data[row * size + column]!
    }
  }
  try {
    const block = cholesky({ data, size })
    paste(rest, { data: block.data, rows: size, columns: size }, [range[0], range[0]])
    return block
  } catch (error) {
    if (!AssayError.isInstance(error) || error.code !== 'NOT_POSITIVE_DEFINITE') throw error
    throw singular(Number(error.value), lambda)
  }
}

/** Rows at a time of what lies below a panel, so that products stay small. */
const updateRows = 1024

/** Subtracts P Pᵀ from what is left of the matrix below and right of a panel P, up to the diagonal. */
async function subtractProducts(
  rest: WideRows,
  { panel, first }: { readonly panel: WideRows; readonly first: number },
  { products, signal }: KernelOptions,
): Promise<void> {
  const { columns } = panel
  for (let start = 0; start < panel.rows; start += updateRows) {
    const end = Math.min(start + updateRows, panel.rows)
    const rows = cutOut(panel, [start, end], [0, columns])
    const above = { data: panel.data.subarray(0, end * columns), rows: end, columns }
    const sums = await products.rowProducts(rows, above, signal)
    for (let row = start; row < end; row++) {
      const from = (row - start) * end
      const to = (first + row) * rest.columns + first
      for (let column = 0; column <= row; column++) {
        rest.data[to + column] = rest.data[to + column]! - sums[from + column]!
      }
    }
  }
}

function singular(pivot: number, lambda: number): AssayError {
  return new AssayError({
    code: 'NOT_POSITIVE_DEFINITE',
    message: `With lambda = ${lambda} the kernel of the training gradients is singular to within rounding.`,
    value: pivot,
    remedy:
      'Raise lambda: some gradients depend on others, or there are fewer of them than columns.',
  })
}

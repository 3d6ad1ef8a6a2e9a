import { AssayError, createRandom, type Random } from '@assay/core'
import { gradientBlocks } from './gradient-blocks.js'
import type { GradientRows, GradientSet } from './gradient-set.js'
import { cutOut } from './kernel/matrix-parts.js'
import { javascriptProducts } from './products/javascript-products.js'
import type { MatrixProducts, WideRows } from './products/matrix-products.js'

/** How gradients are projected. */
export interface RandomProjectionOptions {
  readonly rows: GradientRows
  /** Numbers that a gradient is projected to, at least 1. */
  readonly dimension: number
  /** Signs of one size, or normal numbers. Default: `rademacher`. */
  readonly type?: 'rademacher' | 'normal'
  /** Seed of the projection; the same for all sets that are to be used together. */
  readonly seed: number | string
  /** What was differentiated, as the record of the result tells it. Default: null, not known. */
  readonly output?: string | null
  /** What multiplies. Default: plain JavaScript. */
  readonly products?: MatrixProducts
  readonly signal?: AbortSignal
}

/** Columns of the gradients whose part of the projection is drawn from one stream. */
const streamColumns = 1024

/** The part of the projection that some columns meet: a row a number of the result. */
function panelOf(
  random: Random,
  shape: { readonly rows: number; readonly columns: number },
  type: 'rademacher' | 'normal',
): WideRows {
  const scale = 1 / Math.sqrt(shape.rows)
  const draw = type === 'normal' ? random.normal : () => (random.uniform() < 0.5 ? -1 : 1)
  const data = Float64Array.from({ length: shape.rows * shape.columns }, () => draw() * scale)
  return { data, ...shape }
}

/**
 * Gradients times a random matrix of independent entries with mean 0 and variance 1 / dimension, which
 * keeps inner products: their relative error is about 1 / √dimension (Johnson and Lindenstrauss 1984;
 * Achlioptas 2003, "Database-friendly random projections"). The matrix depends on seed, type, dimension
 * and the number of columns only, and is drawn in parts and never held whole.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `NOT_FINITE` with row and id, `ABORTED`, and what reading a file
 *   throws
 */
export async function randomProjection(options: RandomProjectionOptions): Promise<GradientSet> {
  const { rows, dimension, type = 'rademacher', seed, output = null, signal } = options
  const { products = javascriptProducts } = options
  assertDimension(dimension)
  const random = createRandom(seed).fork(`${type} projection to ${dimension}`)
  const data = new Float64Array(rows.rows * dimension)
  for await (const block of gradientBlocks(rows, { signal })) {
    const start = block.firstRow * dimension
    for (let column = 0; column < rows.columns; column += streamColumns) {
      const columns = Math.min(streamColumns, rows.columns - column)
      const panel = panelOf(
        random.fork(`columns from ${column}`),
        { rows: dimension, columns },
        type,
      )
      const part = cutOut(block, [0, block.rows], [column, column + columns])
      const sums = await products.rowProducts(part, panel, signal)
      for (let at = 0; at < sums.length; at++) data[start + at] = data[start + at]! + sums[at]!
    }
  }
  const unknown = { output, timesteps: null, normalized: null }
  return {
    rows: { data, rows: rows.rows, columns: dimension, ids: rows.ids ?? null },
    projection: { dimension, type, seed, ...unknown },
  }
}

function assertDimension(dimension: number): void {
  if (Number.isSafeInteger(dimension) && dimension >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `Gradients cannot be projected to ${dimension} numbers.`,
    value: dimension,
    remedy: 'Give a whole number of at least 1, for instance 2048.',
  })
}

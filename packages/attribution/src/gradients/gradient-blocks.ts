import { AssayError } from '@assay/core'
import type { FeatureSource } from '../features/feature-source.js'
import type { GradientRows } from './gradient-set.js'
import { assertRunning } from './products/assert-running.js'
import type { WideRows } from './products/matrix-products.js'

/** Some rows of gradients in float64, every value finite. */
export interface GradientBlock extends WideRows {
  /** Number of the first row in the set, from 0. */
  readonly firstRow: number
}

const blockBytes = 64 * 2 ** 20

const isSource = (rows: GradientRows): rows is FeatureSource => 'blocks' in rows

/** Throws where a row is not finite; nothing may be computed from it. */
function assertFiniteRows(block: GradientBlock, ids: readonly string[] | null): void {
  const at = block.data.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  const row = block.firstRow + Math.floor(at / block.columns)
  const id = ids?.[row] ?? String(row)
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `The gradient of ${JSON.stringify(id)} holds ${block.data[at]} in column ${at % block.columns}.`,
    value: block.data[at],
    remedy: 'Compute it again in float32, or leave this item out and count it as missing.',
    location: { row, id },
  })
}

async function* partsOf(rows: GradientRows, step: number, signal: AbortSignal | undefined) {
  if (isSource(rows)) {
    if (rows.mirrored) throw twoViews()
    yield* rows.blocks(signal ? { rows: step, signal } : { rows: step })
    return
  }
  const { data, columns } = rows
  for (let firstRow = 0; firstRow < rows.rows; firstRow += step) {
    const count = Math.min(step, rows.rows - firstRow)
    const part = data.subarray(firstRow * columns, (firstRow + count) * columns)
    yield { firstRow, matrix: { data: part, rows: count, columns } }
  }
}

const twoViews = () =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'Gradients have a second view of each picture, which would not be looked at.',
    value: true,
    remedy:
      'Score the pictures and their mirror images on their own, and join the scores (joinViews).',
  })

/** How gradients are read. */
export interface GradientBlocksOptions {
  /** Rows a block. Default: about 64 MiB of float64. */
  readonly step?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * All gradients of a set in order, in float64.
 *
 * @throws AssayError `NOT_FINITE` with row and id, `INVALID_ARGUMENT` (a source with a second view),
 *   `ABORTED`, and what reading a file throws
 */
export async function* gradientBlocks(
  rows: GradientRows,
  { step = rowsPerBlock(rows.columns), signal }: GradientBlocksOptions = {},
): AsyncGenerator<GradientBlock> {
  for await (const { firstRow, matrix } of partsOf(rows, step, signal)) {
    assertRunning(signal)
    const { rows: count, columns } = matrix
    const block = { firstRow, data: Float64Array.from(matrix.data), rows: count, columns }
    assertFiniteRows(block, rows.ids ?? null)
    yield block
  }
}

/** Rows of so many columns that make a block. */
export const rowsPerBlock = (columns: number): number =>
  Math.max(1, Math.floor(blockBytes / (columns * Float64Array.BYTES_PER_ELEMENT)))

/** All gradients of a set in one piece of float64. */
export async function allGradients(
  rows: GradientRows,
  options: GradientBlocksOptions = {},
): Promise<WideRows> {
  const data = new Float64Array(rows.rows * rows.columns)
  for await (const block of gradientBlocks(rows, options)) {
    data.set(block.data, block.firstRow * rows.columns)
  }
  return { data, rows: rows.rows, columns: rows.columns }
}

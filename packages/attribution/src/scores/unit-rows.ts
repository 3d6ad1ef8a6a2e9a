import { createMatrix, type Matrix, selectRows } from '@assay/core'
import type { FeatureBlock, FeatureSource } from '../features/feature-source.js'
import { applyHead } from '../head/apply-head.js'
import type { AttributionHead, HeadSide } from '../head/attribution-head.js'
import { mappedFingerprint } from '../head/mapped-fingerprint.js'
import { writeUnitRows } from '../head/unit-rows.js'

/** Rows of unit length in one or two views; a row without direction is all zeros. */
export interface UnitViews {
  readonly first: Matrix
  /** The second view of the same rows; null where there is none. */
  readonly mirrored: Matrix | null
}

/** Unit rows, and how many of them have no direction. */
export interface UnitRows extends UnitViews {
  /** How many rows have no direction, judged by the first view. */
  readonly zeroRows: number
}

/** Takes features into the space that they are compared in, as rows of unit length. */
export type FeatureMapping = (features: Matrix) => Matrix

/**
 * How features of one side are mapped: by that side of a head, which takes those that it has mapped
 * already as they are, or without a head by L2 normalisation alone, which is what a head of identity
 * maps does to the last bit.
 */
export function featureMapping(head: AttributionHead | null, side: HeadSide): FeatureMapping {
  if (head) {
    return (features) =>
      isMapped(features, head, side)
        ? features
        : applyHead({ head, side, features, zeroRows: 'keep' })
  }
  return (features) => {
    const unit = new Float32Array(features.data.length)
    const { data: mapped, columns } = features
    writeUnitRows({ features, side, firstRow: 0, mapped, columns, unit, zeroRows: 'keep' })
    return { ...features, data: unit, normalized: true }
  }
}

/** Whether features were mapped by a side of a head already, for instance into a store. */
export const isMapped = (
  { fingerprint }: Pick<Matrix, 'fingerprint'>,
  head: AttributionHead,
  side: HeadSide,
): boolean => fingerprint === mappedFingerprint(head, side)

/** A block of a feature source in the space that it is compared in. */
export function unitRowsOf({ matrix, mirrored }: FeatureBlock, map: FeatureMapping): UnitRows {
  const views = { first: map(matrix), mirrored: mirrored && map(mirrored) }
  return { ...views, zeroRows: countZeroRows(views.first) }
}

function countZeroRows({ data, rows, columns }: Matrix): number {
  let count = 0
  for (let row = 0; row < rows; row++) {
    let at = row * columns
    const end = at + columns
    while (at < end && data[at] === 0) at++
    if (at === end) count++
  }
  return count
}

/** Some unit rows, in the order given. */
export const selectUnitRows = ({ first, mirrored }: UnitViews, rows: readonly number[]) => ({
  first: selectRows(first, rows),
  mirrored: mirrored && selectRows(mirrored, rows),
})

/** Some rows of a block, in the order given. */
export function selectBlockRows(block: FeatureBlock, rows: readonly number[]): FeatureBlock {
  const { matrix, mirrored } = block
  if (rows.length === matrix.rows) return block
  return {
    ...block,
    matrix: selectRows(matrix, rows),
    mirrored: mirrored && selectRows(mirrored, rows),
  }
}

/** All rows of a source, or those wanted in increasing order, in memory. */
export async function gatherRows(options: {
  readonly source: FeatureSource
  readonly map: FeatureMapping
  /** Rows that are wanted, in increasing order. Default: all */
  readonly rows?: readonly number[]
  readonly signal?: AbortSignal | undefined
}): Promise<UnitRows> {
  const { source, map, signal } = options
  const wanted = options.rows ?? Array.from({ length: source.rows }, (_, row) => row)
  const parts: UnitRows[] = []
  let next = 0
  for await (const block of source.blocks(signal ? { signal } : {})) {
    const start = next
    while (next < wanted.length && wanted[next]! < block.firstRow + block.matrix.rows) next += 1
    if (next === start) continue
    const rows = wanted.slice(start, next).map((row) => row - block.firstRow)
    parts.push(unitRowsOf(selectBlockRows(block, rows), map))
  }
  return joined(parts)
}

function joined(parts: readonly UnitRows[]): UnitRows {
  const seconds = parts.flatMap(({ mirrored }) => mirrored ?? [])
  return {
    first: stacked(parts.map(({ first }) => first)),
    mirrored: seconds.length > 0 ? stacked(seconds) : null,
    zeroRows: parts.reduce((sum, part) => sum + part.zeroRows, 0),
  }
}

function stacked(matrices: readonly Matrix[]): Matrix {
  const columns = matrices[0]?.columns ?? 1
  const data = new Float32Array(matrices.reduce((sum, matrix) => sum + matrix.data.length, 0))
  let at = 0
  for (const matrix of matrices) {
    data.set(matrix.data, at)
    at += matrix.data.length
  }
  const { normalized = true, fingerprint = null } = matrices[0] ?? {}
  return createMatrix({ data, columns, normalized, fingerprint })
}

import type { Matrix } from '@assay/core'
import { assertSecondView } from './assert-second-view.js'
import { createFeatureSource } from './create-feature-source.js'
import type { FeatureSource } from './feature-source.js'
import { inspectBlock } from './inspect-block.js'

/** What is known of the rows of a matrix besides their features. */
export interface FeaturesFromMatrixOptions {
  /**
   * A label a row by field, for instance `artist`, `licence` or `source`; null where it is not known.
   * Default: none.
   */
  readonly groups?: ReadonlyMap<string, readonly (string | null)[]>
  /** Features of the mirrored pictures, row by row. Default: none. */
  readonly mirrored?: Matrix
}

/**
 * A feature source over a matrix in memory, which is not copied and is checked once, here.
 *
 * @throws AssayError `EMPTY_INPUT`, `NOT_FINITE` and `NORMALIZATION_MISMATCH` with row and id,
 *   `DUPLICATE_ID`, `SHAPE_MISMATCH` (labels or a second view of another number of rows or columns),
 *   `FINGERPRINT_MISMATCH` (a second view of another space)
 */
export function featuresFromMatrix(
  matrix: Matrix,
  { groups = new Map(), mirrored }: FeaturesFromMatrixOptions = {},
): FeatureSource {
  const { rows, columns, ids, normalized, fingerprint } = matrix
  if (mirrored) assertSecondView(matrix, mirrored)
  const { zeroRows } = inspectBlock({ firstRow: 0, matrix, mirrored: mirrored ?? null })
  return createFeatureSource({
    rows,
    columns,
    ids,
    normalized,
    fingerprint,
    groups,
    mirrored: mirrored !== undefined,
    async read(firstRow, count) {
      const end = firstRow + count
      return {
        firstRow,
        matrix: rowsOf(matrix, firstRow, end),
        mirrored: mirrored ? rowsOf(mirrored, firstRow, end) : null,
        zeroRows: zeroRows
          .filter((row) => row >= firstRow && row < end)
          .map((row) => row - firstRow),
      }
    },
  })
}

/** The rows from `start` up to `end`, as a view of the same numbers. */
function rowsOf(matrix: Matrix, start: number, end: number): Matrix {
  const { columns } = matrix
  const ids = matrix.ids?.slice(start, end) ?? null
  return {
    ...matrix,
    rows: end - start,
    ids,
    data: matrix.data.subarray(start * columns, end * columns),
  }
}

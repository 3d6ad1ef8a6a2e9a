import type { Matrix } from '@assay/core'
import { rowsAtOnce } from './affine-rows.js'
import { assertMappable } from './assert-mappable.js'
import type { AttributionHead, HeadSide } from './attribution-head.js'
import { rowMapper } from './map-rows.js'
import { mappedFingerprint } from './mapped-fingerprint.js'
import { writeUnitRows, type ZeroRows } from './unit-rows.js'

/** How features are mapped. */
export interface ApplyHeadOptions {
  readonly head: AttributionHead
  /** What the features are of: `real` for exemplars and pool, `synthetic` for generated pictures. */
  readonly side: HeadSide
  /** Features as the head was trained on: raw or normalised, in its space. */
  readonly features: Matrix
  /**
   * What happens to a row that is all zeros, before or after the map: it has no direction. `refuse`
   * throws; `keep` gives a row of zeros, whose score with everything is 0. Default: refuse
   */
  readonly zeroRows?: ZeroRows
}

/** Rows that are in float64 at a time. */
const blockRows = 16 * rowsAtOnce

/**
 * Features through one side of a head: mapped in float64, brought to unit length, kept in float32. A
 * row's result does not depend on the rows beside it. The fingerprint of the result names head and side
 * (`mappedFingerprint`), so that it cannot be compared with raw features or those of another head; rows
 * of the two sides are compared by functions that know which is which (`assertMappedBy`).
 *
 * It runs on the calling thread: some 13 s for 100,000 rows from 512 to 512 columns. `openHead` of
 * `@assay/attribution/train` does the same on an engine, faster and in float32.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH` where the features
 *   are not what the head expects; `NOT_FINITE`, `ZERO_VECTOR` with row and id
 */
export function applyHead({ head, side, features, zeroRows = 'refuse' }: ApplyHeadOptions): Matrix {
  assertMappable(head, features)
  const { columns, outputColumns } = head[side]
  const mapBlock = rowMapper(head[side])
  const unit = new Float32Array(features.rows * outputColumns)
  for (let firstRow = 0; firstRow < features.rows; firstRow += blockRows) {
    const end = Math.min(firstRow + blockRows, features.rows)
    const count = Math.ceil((end - firstRow) / rowsAtOnce) * rowsAtOnce
    const x = new Float64Array(count * columns)
    x.set(features.data.subarray(firstRow * columns, end * columns))
    const mapped = mapBlock(x, count)
    writeUnitRows({ features, side, firstRow, mapped, columns: outputColumns, unit, zeroRows })
  }
  return mappedMatrix(head, side, { features, unit })
}

/** The mapped rows as a matrix, with the ids of the features. */
export function mappedMatrix(
  head: AttributionHead,
  side: HeadSide,
  { features, unit }: { readonly features: Matrix; readonly unit: Float32Array },
): Matrix {
  return {
    data: unit,
    rows: features.rows,
    columns: head[side].outputColumns,
    ids: features.ids,
    normalized: true,
    fingerprint: mappedFingerprint(head, side),
  }
}

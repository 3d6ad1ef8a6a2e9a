import { AssayError, assertComparable, type Matrix } from '@assay/core'

/**
 * Throws unless `mirrored` can be a second view of the rows of `first`.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH`
 */
export function assertSecondView(
  first: Omit<Matrix, 'data'>,
  mirrored: Omit<Matrix, 'data'>,
): void {
  assertComparable(first, mirrored)
  if (first.normalized !== mirrored.normalized) {
    throw new AssayError({
      code: 'NORMALIZATION_MISMATCH',
      message: 'One of the two views of the pictures is normalised and the other is not.',
      value: [first.normalized, mirrored.normalized],
      remedy: 'Embed the pictures and their mirror images in the same way.',
    })
  }
  const row =
    mirrored.ids?.findIndex((id, row) => first.ids !== null && id !== first.ids[row]) ?? -1
  if (first.rows === mirrored.rows && row < 0) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message:
      row < 0
        ? `There are ${mirrored.rows} mirrored rows for ${first.rows} rows of features.`
        : `Row ${row} of the mirrored features is ${JSON.stringify(mirrored.ids?.[row])}, not ${JSON.stringify(first.ids?.[row])}.`,
    value: row < 0 ? mirrored.rows : mirrored.ids?.[row],
    remedy: 'Give the mirrored features of the same pictures, in the same order.',
  })
}

import { AssayError } from '@assay/core'

/** Checks that lists have an entry a picture. @throws AssayError `SHAPE_MISMATCH` */
export function assertSameLength(
  pictures: number,
  lists: Readonly<Record<string, { readonly length: number } | undefined>>,
): void {
  for (const [name, list] of Object.entries(lists)) {
    if (list === undefined || list.length === pictures) continue
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `There are ${list.length} entries of "${name}" for ${pictures} pictures.`,
      value: list.length,
      remedy: 'Give one entry a picture, in the order of the pictures.',
    })
  }
}

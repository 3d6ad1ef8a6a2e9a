import { AssayError, type Matrix } from '@assay/core'
import { assertFinite } from '@assay/core/linear-algebra'

/**
 * Throws unless a set has enough rows and only finite values.
 *
 * @param options.name what the set is called in the message, for instance `outputs`
 * @param options.minimum rows that the measure needs. Default: 1
 * @throws AssayError `EMPTY_INPUT` (no row), `INVALID_ARGUMENT` (too few), `NOT_FINITE`
 */
export function assertUsable(
  matrix: Matrix,
  { name, minimum = 1 }: { readonly name: string; readonly minimum?: number },
): void {
  if (matrix.rows < minimum) {
    throw new AssayError({
      code: matrix.rows === 0 ? 'EMPTY_INPUT' : 'INVALID_ARGUMENT',
      message: `The measure needs at least ${minimum} rows of ${name}, got ${matrix.rows}.`,
      value: matrix.rows,
      remedy: 'Add items, or report the measure as missing.',
    })
  }
  assertFinite(matrix)
}

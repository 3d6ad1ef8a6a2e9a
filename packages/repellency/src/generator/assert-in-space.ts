import { AssayError, assertComparable } from '@assay/core'
import type { ShieldReferences } from '../references/shield-references.js'
import type { ShieldSpace } from './shield-space.js'

/**
 * Refuses references that do not say that they lie in a space. Those of no name are refused as well: pictures
 * from 0 to 255 have as many numbers as those in [-1, 1], lie elsewhere, and would protect nothing.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`
 */
export function assertInSpace(
  { dimensions, fingerprint }: Pick<ShieldReferences, 'dimensions' | 'fingerprint'>,
  { name, dimensions: columns }: Pick<ShieldSpace, 'dimensions' | 'name'>,
): void {
  assertComparable({ columns, fingerprint: null }, { columns: dimensions, fingerprint: null })
  if (fingerprint === name) return
  const theirs = fingerprint === null ? 'in a space that they do not name' : `in ${fingerprint}`
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `Pictures are compared in the space ${name}; the references lie ${theirs}.`,
    value: fingerprint,
    remedy:
      'Make references with `toVector` of the space, and give its name as the fingerprint of their matrix or bank. Sets that are joined must all have it.',
  })
}

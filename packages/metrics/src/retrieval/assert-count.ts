import { AssayError } from '@assay/core'

/** Throws unless a value is a whole number of at least 1. */
export function assertCount(value: number, name: string): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${name} must be a whole number of at least 1, got ${value}.`,
    value,
    remedy: 'Pass a whole number from 1 on.',
  })
}

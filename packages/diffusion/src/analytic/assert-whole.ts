import { AssayError } from '@assay/core'

/** @throws AssayError `INVALID_ARGUMENT` for an option that is no whole number of at least `least` */
export function assertWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The option ${name} is ${value}.`,
    value,
    remedy: `Pass a whole number of at least ${least}.`,
  })
}

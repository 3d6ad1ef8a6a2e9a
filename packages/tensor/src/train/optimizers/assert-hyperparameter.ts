import { AssayError } from '@assay/core'

/**
 * Checks a setting that must lie from 0, below `below`.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function assertHyperparameter(
  name: string,
  value: number,
  { below = Number.POSITIVE_INFINITY, zero = true }: { below?: number; zero?: boolean } = {},
): void {
  if (value < below && (value > 0 || (zero && value === 0))) return
  const range = `${zero ? 'from' : 'above'} 0${Number.isFinite(below) ? ` to below ${below}` : ''}`
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${name} cannot be ${value}.`,
    value,
    remedy: `Give a finite number ${range}.`,
  })
}

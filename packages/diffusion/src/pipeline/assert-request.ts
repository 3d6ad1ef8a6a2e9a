import { AssayError, type GenerationRequest } from '@assay/core'

/** @throws AssayError `INVALID_ARGUMENT` for a count or seeds that are no whole numbers */
export function assertRequest({ count, seed }: GenerationRequest): void {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The number of pictures must be a whole number, at least 1, got ${count}.`,
      value: count,
      remedy: 'Ask for at least one picture.',
    })
  }
  // In this order: from 2^53 on sums are rounded, and may come back below it.
  const last = seed + (count - 1)
  if (Number.isSafeInteger(seed) && Number.isSafeInteger(last)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The seeds ${seed} to ${last} are not all safe whole numbers.`,
    value: seed,
    remedy: 'Pass a whole number as the first seed, far below 2^53.',
  })
}

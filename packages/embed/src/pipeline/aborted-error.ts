import { AssayError } from '@assay/core'

/** The error that an aborted signal means. */
export const abortedError = (signal: AbortSignal): AssayError =>
  new AssayError({
    code: 'ABORTED',
    message: 'The work was stopped by its caller.',
    remedy: 'Start it again; what was finished is kept where there is a cache.',
    cause: signal.reason,
  })

/** @throws AssayError `ABORTED` after the signal */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal)
}

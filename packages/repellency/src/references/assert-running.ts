import { AssayError } from '@assay/core'

/**
 * Throws where the caller has changed its mind.
 *
 * @throws AssayError `ABORTED`
 */
export function assertRunning(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw new AssayError({
    code: 'ABORTED',
    message: 'Work on references was stopped.',
    remedy: 'Start it again; writing goes on where it was.',
    cause: signal.reason,
  })
}

import { AssayError } from '@assay/core'

/** @throws AssayError `ABORTED` after the signal */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw new AssayError({
    code: 'ABORTED',
    message: 'The pictures were stopped by their caller.',
    remedy: 'Draw them again; the same seeds give the same pictures.',
    cause: signal.reason,
  })
}

/** The error of an array or tensor that has another form than the state. */
export const shapeError = (what: string, got: string, wanted: string): AssayError =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${what} is ${got}, but the state is ${wanted}.`,
    value: got,
    remedy: 'Give one clean picture a row, in the shape and element type of the state.',
  })

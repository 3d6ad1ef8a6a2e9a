import { AssayError } from '@assay/core'

/** The caller's signal fired. */
export function abortedError(signal: AbortSignal): AssayError {
  return new AssayError({
    code: 'ABORTED',
    message: 'The computation was aborted by its signal.',
    remedy: 'Nothing is wrong; call again without aborting.',
    cause: signal.reason,
  })
}

/** A call on an engine, session or task that was closed; `what` names it. */
export function closedError(what: string): AssayError {
  return new AssayError({
    code: 'ENGINE_CLOSED',
    message: `The ${what} is closed.`,
    value: what,
    remedy: `Call before close(), or make a new ${what}.`,
  })
}

/** A worker thread ended while it was needed. */
export function workerLostError(cause: unknown): AssayError {
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  return new AssayError({
    code: 'ENGINE_FAILED',
    message: `A worker of the engine ended unexpectedly${reason}.`,
    remedy:
      'Open the session again (the engine starts a new worker), with less work a run if memory ran out.',
    cause,
  })
}

/** An argument that cannot travel between threads: a function, or memory that was given away before. */
export function unpostableError(cause: unknown): AssayError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The argument cannot be handed to a worker: ${reason}`,
    remedy: 'Pass plain data, and no memory that was transferred before.',
    cause,
  })
}

/** What a runtime throws, with its own words. */
export function runtimeError(cause: unknown): AssayError {
  return new AssayError({
    code: 'ENGINE_FAILED',
    message: cause instanceof Error ? cause.message : String(cause),
    remedy: 'Check the model and what it was fed with.',
    cause,
  })
}

import type { AssayError } from '@assay/core'
import { abortedError, assertNotAborted } from '../pipeline/aborted-error.js'

/** Until when a task may take. */
export interface Deadline {
  readonly seconds: number
  /** Makes the error of a task that is late. */
  readonly late: () => AssayError
  readonly signal: AbortSignal | undefined
}

/**
 * The result of a task, or the error of whichever comes first: its own, the deadline's or the
 * signal's. A task that is given up goes on unseen, since native code cannot be stopped.
 */
export async function withDeadline<Result>(
  { seconds, late, signal }: Deadline,
  task: () => Promise<Result>,
): Promise<Result> {
  assertNotAborted(signal)
  let onAbort = () => {}
  let timer: NodeJS.Timeout | undefined
  const interruption = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000)
    onAbort = () => signal && reject(abortedError(signal))
    signal?.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([task(), interruption])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

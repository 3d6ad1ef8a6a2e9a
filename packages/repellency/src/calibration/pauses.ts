import { assertRunning } from '../references/assert-running.js'

/** Milliseconds of work between pauses. */
const MOST_WORK = 25

/**
 * What long work asks between its parts: every now and then it lets other tasks run, of which one may abort
 * the signal.
 *
 * @throws AssayError from what it gives back: `ABORTED`
 */
export function pauses(signal: AbortSignal | undefined): () => Promise<void> {
  let worked = performance.now()
  return async () => {
    assertRunning(signal)
    if (performance.now() - worked < MOST_WORK) return
    await new Promise((resolve) => setTimeout(resolve))
    worked = performance.now()
    assertRunning(signal)
  }
}

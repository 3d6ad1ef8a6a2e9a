import { exitCode } from './exit-code.js'

/**
 * A signal that aborts at Ctrl-C or SIGTERM, so that a run ends in order; the second one ends the
 * process at once. Call `release` when the work is done.
 */
export function interruptSignal(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted)
    controller.abort()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    },
  }
}

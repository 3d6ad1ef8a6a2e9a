import { setTimeout as sleep } from 'node:timers/promises'
import { milliseconds } from './milliseconds.js'
import type { ServiceAccess } from './service-access.js'
import { abortedError, TransientFault } from './service-error.js'

const LONGEST_PAUSE_SECONDS = 30

/**
 * Tries until an attempt succeeds, fails in a way that would come again, or all attempts are used up. A
 * pause is drawn between half and the whole of its length, so that several clients do not come back at
 * once. A service that asks for a longer wait than is granted gets no further attempt.
 *
 * @throws AssayError the last failure; `ABORTED`
 */
export async function retrying<Result>(
  access: ServiceAccess,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const { retries, backOffSeconds, longestWaitSeconds } = access
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof TransientFault) || failures > retries) throw error
      const wish = error.retryAfter ?? 0
      if (wish > longestWaitSeconds) throw error
      const pause = Math.min(backOffSeconds * 2 ** (failures - 1), LONGEST_PAUSE_SECONDS)
      await wait(Math.max(wish, pause * (0.5 + 0.5 * Math.random())), signal)
    }
  }
}

/** @throws AssayError `ABORTED` */
export async function wait(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds(seconds), undefined, { signal })
  } catch (error) {
    throw signal.aborted ? abortedError(signal) : error
  }
}

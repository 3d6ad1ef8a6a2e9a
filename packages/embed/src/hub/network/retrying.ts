import { setTimeout as sleep } from 'node:timers/promises'
import { abortedError } from '../../pipeline/aborted-error.js'
import { TransientFault } from './network-error.js'

/** How often and after which pauses something is tried again. */
export interface RetryRules {
  /** Attempts in a row that may fail after the first one. Default: 5. */
  readonly retries?: number
  /** Seconds before the second attempt; doubled before each further one, up to 30. Default: 1. */
  readonly backOffSeconds?: number
  readonly signal?: AbortSignal | undefined
}

const LONGEST_PAUSE_SECONDS = 30
/** A server that asks for more than this gets no further attempt. */
const LONGEST_WISH_SECONDS = 120

/**
 * Tries until an attempt succeeds, fails in a way that would come again, or too many failed in a row.
 *
 * @param advanced whether the attempt that has just failed came a good way; then counting starts anew
 * @throws AssayError the last failure; `ABORTED`
 */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  { retries = 5, backOffSeconds = 1, signal }: RetryRules,
  advanced: () => boolean = () => false,
): Promise<Result> {
  for (let failures = 0; ; ) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error
      failures = advanced() ? 1 : failures + 1
      if (failures > retries || (error.retryAfter ?? 0) > LONGEST_WISH_SECONDS) throw error
      const pause = Math.min(backOffSeconds * 2 ** (failures - 1), LONGEST_PAUSE_SECONDS)
      await wait(Math.max(pause, error.retryAfter ?? 0), signal)
    }
  }
}

async function wait(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, signal ? { signal } : {})
  } catch (error) {
    throw signal?.aborted ? abortedError(signal) : error
  }
}

import { abortedError, closedError } from '../engine/engine-errors.js'

/** Runs jobs one after another, as they were asked for. */
export class RunQueue {
  #tail: Promise<unknown> = Promise.resolve()
  #closed = false

  /** @throws AssayError `ENGINE_CLOSED` after `close` */
  assertOpen(): void {
    if (this.#closed) throw closedError('engine')
  }

  /**
   * Resolves with the job's result. A job whose turn comes after an abort or `close` is left out.
   *
   * @throws AssayError `ABORTED` as soon as the signal fires, `ENGINE_CLOSED` after `close`
   */
  async submit<Result>(job: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const assertWanted = () => {
      this.assertOpen()
      if (signal?.aborted) throw abortedError(signal)
    }
    assertWanted()
    const turn = this.inTurn(() => {
      assertWanted()
      return job()
    })
    return signal ? unlessAborted(turn, signal) : turn
  }

  /** Runs a job after all that were asked for before it, also where the queue is closed. */
  inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
    const turn = this.#tail.then(job)
    this.#tail = turn.catch(() => {})
    return turn
  }

  /** Refuses what waits and what comes; resolves once the job under way is through. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#tail
  }
}

function unlessAborted<Result>(turn: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const onAbort = () => reject(abortedError(signal))
    signal.addEventListener('abort', onAbort, { once: true })
    turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

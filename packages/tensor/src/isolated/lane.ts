import { abortedError } from '../engine/engine-errors.js'

/** Does one job after the other, in the order in which they came. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  /**
   * Resolves with the job's result. An aborted wait ends at once; a job that has begun goes on unseen,
   * and the next one waits for it.
   *
   * @throws AssayError `ABORTED`
   */
  async submit<Result>(job: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw abortedError(signal)
    const turn = this.#last.then(() => {
      if (signal?.aborted) throw abortedError(signal)
      return job()
    })
    this.#last = turn.catch(() => {})
    if (!signal) return turn
    let onAbort = () => {}
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(abortedError(signal))
      signal.addEventListener('abort', onAbort, { once: true })
    })
    return Promise.race([turn, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
  }
}

import { abortedError, closedError, workerLostError } from './engine-errors.js'
import type { EngineWorker } from './engine-worker.js'

/** A piece of work for one of some workers. */
export interface Job<Result> {
  /** Workers that can do it. */
  readonly workers: readonly EngineWorker[]
  /** Threads that it keeps busy; 0 for bookkeeping. */
  readonly threads: number
  readonly signal?: AbortSignal | undefined
  /** Does it. */
  start(worker: EngineWorker): Promise<Result>
}

interface QueuedJob extends Job<unknown> {
  settled: boolean
  succeed(result: unknown): void
  fail(error: unknown): void
}

/**
 * Hands jobs to idle workers, first come first served, so that never more threads are busy than the
 * budget allows and a worker does one thing at a time.
 */
export class Dispatcher {
  readonly #budget: number
  readonly #busy = new Set<EngineWorker>()
  #queue: QueuedJob[] = []
  #threadsBusy = 0
  #closed = false

  constructor(budget: number) {
    this.#budget = budget
  }

  /**
   * Resolves with the job's result.
   *
   * @throws AssayError `ABORTED` as soon as the signal fires, `ENGINE_CLOSED` after `close`,
   *   `ENGINE_FAILED` where none of the job's workers lives
   */
  async submit<Result>(job: Job<Result>): Promise<Result> {
    const { signal } = job
    this.assertOpen()
    if (signal?.aborted) throw abortedError(signal)
    let onAbort: (() => void) | undefined
    const result = new Promise<Result>((resolve, reject) => {
      const queued: QueuedJob = {
        ...job,
        settled: false,
        succeed: resolve as (result: unknown) => void,
        fail(error) {
          queued.settled = true
          reject(error)
        },
      }
      if (signal) onAbort = () => queued.fail(abortedError(signal))
      if (onAbort) signal?.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(queued)
      this.advance()
    })
    return result.finally(() => {
      if (onAbort) signal?.removeEventListener('abort', onAbort)
    })
  }

  /** @throws AssayError `ENGINE_CLOSED` after `close` */
  assertOpen(): void {
    if (this.#closed) throw closedError('engine')
  }

  /** Starts what can be started; called whenever a worker or a thread becomes free, or is lost. */
  advance(): void {
    const waiting: QueuedJob[] = []
    let threadsMissing = false
    for (const job of this.#queue) {
      const living = job.workers.filter((worker) => worker.alive)
      if (job.settled) continue
      if (living.length === 0) {
        job.fail(workerLostError(null))
        continue
      }
      const idle = living.find((worker) => !this.#busy.has(worker))
      // A job that waits for threads lets no later one past it, or it might wait for ever.
      const fits = !threadsMissing && this.#threadsBusy + this.#cost(job) <= this.#budget
      if (idle && fits) this.#start(job, idle)
      else waiting.push(job)
      if (idle && !fits) threadsMissing = true
    }
    this.#queue = waiting
  }

  /** Refuses what waits and what comes. */
  close(): void {
    this.#closed = true
    for (const job of this.#queue) job.fail(closedError('engine'))
    this.#queue = []
  }

  #cost(job: QueuedJob): number {
    return Math.min(job.threads, this.#budget)
  }

  #start(job: QueuedJob, worker: EngineWorker): void {
    this.#busy.add(worker)
    this.#threadsBusy += this.#cost(job)
    job
      .start(worker)
      .then(job.succeed, job.fail)
      .finally(() => {
        this.#busy.delete(worker)
        this.#threadsBusy -= this.#cost(job)
        this.advance()
      })
  }
}

import type { TaskMethods } from '../worker/task.js'
import { closedError } from './engine-errors.js'
import { type Holding, release } from './holding.js'

/** How a task's method is called. */
export interface TaskCallOptions {
  /** Buffers in the argument that move to the worker instead of being copied. */
  readonly transfer?: readonly ArrayBuffer[]
  /** Ends the wait, and tells the method to stop. */
  readonly signal?: AbortSignal | undefined
}

/** A task that runs in a worker of the engine, as its caller sees it. */
export interface WorkerTask<Methods extends TaskMethods> {
  /**
   * Calls a method; calls run one after another, each with the task's share of the thread budget.
   *
   * @throws AssayError what the method throws, `ENGINE_FAILED` for any other error or where the worker
   *   was lost, `ENGINE_CLOSED` after `close`, `ABORTED`
   */
  call<Name extends keyof Methods & string>(
    method: Name,
    argument: Parameters<Methods[Name]>[0],
    options?: TaskCallOptions,
  ): ReturnType<Methods[Name]>
  /** Frees what the task holds. */
  close(): Promise<void>
}

/** The main thread's end of a task. */
export class PlacedTask<Methods extends TaskMethods> implements WorkerTask<Methods> {
  readonly #holding: Holding
  #closed = false

  constructor(holding: Holding) {
    this.#holding = holding
  }

  call<Name extends keyof Methods & string>(
    method: Name,
    argument: Parameters<Methods[Name]>[0],
    options: TaskCallOptions = {},
  ): ReturnType<Methods[Name]> {
    return this.#call(method, argument, options) as ReturnType<Methods[Name]>
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await release(this.#holding)
  }

  async #call(method: string, argument: unknown, options: TaskCallOptions): Promise<unknown> {
    if (this.#closed) throw closedError('task')
    const { number, worker, threads, dispatcher } = this.#holding
    return dispatcher.submit({
      workers: [worker],
      threads,
      signal: options.signal,
      start: () => worker.call('call-task', { number, method, argument }, options),
    })
  }
}

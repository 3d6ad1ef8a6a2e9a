import type { Dispatcher } from './dispatcher.js'
import type { EngineWorker } from './engine-worker.js'

/** Something that is made in a worker, lives there under a number, and is freed there. */
export interface Holding {
  readonly number: number
  readonly worker: EngineWorker
  readonly dispatcher: Dispatcher
  /** Threads that a computation with it keeps busy. */
  readonly threads: number
  freed: boolean
}

/** Makes a holding, as one job of its worker. If that fails, or the wait is aborted while it is made, it is freed again. */
export async function acquire<Result>(
  holding: Holding,
  make: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const { worker, dispatcher } = holding
  worker.load += 1
  try {
    return await dispatcher.submit({ workers: [worker], threads: 1, signal, start: make })
  } catch (error) {
    // In the background: an aborted caller does not wait, and the first error is the one to tell.
    release(holding).catch(() => {})
    throw error
  }
}

/** Frees a holding, once; a worker that is gone has freed it. */
export async function release(holding: Holding): Promise<void> {
  const { number, worker, dispatcher } = holding
  if (holding.freed) return
  holding.freed = true
  const start = () => worker.call('free', { number })
  try {
    if (worker.alive) await dispatcher.submit({ workers: [worker], threads: 0, start })
  } catch (error) {
    if (worker.alive) throw error
  } finally {
    worker.load -= 1
  }
}

import type { EngineSession, Tensor } from '@assay/core'
import { assertFeeds, assertOutputs } from './assert-feeds.js'
import type { Dispatcher } from './dispatcher.js'
import { closedError } from './engine-errors.js'
import type { EngineWorker } from './engine-worker.js'
import { packTensors } from './wire-tensor.js'
import type { SessionDescription } from './worker-calls.js'

/** Where a session lives. */
export interface SessionPlace {
  /** Number under which every worker of `workers` knows it. */
  readonly session: number
  readonly workers: readonly EngineWorker[]
  /** Threads that one run keeps busy. */
  readonly threads: number
  readonly dispatcher: Dispatcher
}

/** A graph loaded in one worker or more. */
export class PooledSession implements EngineSession {
  readonly inputs: EngineSession['inputs']
  readonly outputs: EngineSession['outputs']
  readonly concurrency: number
  readonly #place: SessionPlace
  #closed = false

  constructor(place: SessionPlace, { inputs, outputs }: SessionDescription) {
    this.#place = place
    this.inputs = inputs
    this.outputs = outputs
    this.concurrency = place.workers.length
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    options: Parameters<EngineSession['run']>[1] = {},
  ): Promise<Record<string, Tensor>> {
    if (this.#closed) throw closedError('session')
    const outputs = options.outputs ?? this.outputs.map((output) => output.name)
    assertFeeds(this.inputs, feeds)
    assertOutputs(this.outputs, outputs)
    const { session, workers, threads, dispatcher } = this.#place
    const parcel = packTensors(feeds, options.transfer ?? false)
    return dispatcher.submit({
      workers,
      threads,
      signal: options.signal,
      start: (worker) =>
        worker.call('run-session', { session, feeds: parcel.feeds, outputs }, parcel),
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await closeReplicas(this.#place)
  }
}

/** Frees a session wherever it still lives. */
export async function closeReplicas(place: SessionPlace): Promise<void> {
  const living = place.workers.filter((worker) => worker.alive)
  const start = (worker: EngineWorker) =>
    worker.call('close-session', { session: place.session }).then(() => {
      worker.load -= 1
    })
  await Promise.all(
    living.map((worker) => place.dispatcher.submit({ workers: [worker], threads: 0, start })),
  )
}

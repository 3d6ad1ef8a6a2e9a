import { AssayError, type EngineSession, type Tensor } from '@assay/core'
import { assertFeeds, assertOutputs } from './assert-feeds.js'
import type { Dispatcher } from './dispatcher.js'
import { closedError } from './engine-errors.js'
import type { EngineWorker } from './engine-worker.js'
import { type Holding, release } from './holding.js'
import { type Feed, isResident, packFeeds } from './wire-feeds.js'
import type { SessionDescription } from './worker-calls.js'

/** A session whose runs also take tensors that live in its worker. */
export interface NodeSession extends EngineSession {
  /**
   * As {@link EngineSession}'s; besides, `ENGINE_FAILED` where a resident tensor lives in another worker
   * than the session (open it with `beside`).
   */
  run(
    feeds: Readonly<Record<string, Feed>>,
    options?: Parameters<EngineSession['run']>[1],
  ): Promise<Record<string, Tensor>>
}

/** A graph loaded in one worker or more. */
export class PooledSession implements NodeSession {
  readonly inputs: EngineSession['inputs']
  readonly outputs: EngineSession['outputs']
  readonly concurrency: number
  readonly #dispatcher: Dispatcher
  readonly #replicas: readonly Holding[]
  #closed = false

  /** @param replicas the same graph, under the same number, in each worker that holds it */
  constructor(
    dispatcher: Dispatcher,
    replicas: readonly Holding[],
    { inputs, outputs }: SessionDescription,
  ) {
    this.#dispatcher = dispatcher
    this.#replicas = replicas
    this.inputs = inputs
    this.outputs = outputs
    this.concurrency = replicas.length
  }

  async run(
    feeds: Readonly<Record<string, Feed>>,
    options: Parameters<EngineSession['run']>[1] = {},
  ): Promise<Record<string, Tensor>> {
    if (this.#closed) throw closedError('session')
    const outputs = options.outputs ?? this.outputs.map((output) => output.name)
    assertFeeds(this.inputs, feeds)
    assertOutputs(this.outputs, outputs)
    const [{ number, threads }] = this.#replicas as [Holding]
    const workers = this.#workersWith(feeds)
    const parcel = packFeeds(feeds, options.transfer ?? false)
    return this.#dispatcher.submit({
      workers,
      threads,
      signal: options.signal,
      start: (worker) =>
        worker.call('run-session', { number, feeds: parcel.feeds, outputs }, parcel),
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.all(this.#replicas.map(release))
  }

  /** The workers that hold both the session and the resident feeds. */
  #workersWith(feeds: Readonly<Record<string, Feed>>): EngineWorker[] {
    const homes = Object.values(feeds).flatMap((feed) => (isResident(feed) ? [feed.worker] : []))
    const workers = this.#replicas
      .map((replica) => replica.worker)
      .filter((worker) => homes.every((home) => home === worker))
    if (workers.length > 0) return workers
    throw new AssayError({
      code: 'ENGINE_FAILED',
      message: 'A resident tensor lives in another worker than the session that it was fed to.',
      remedy: "Open the session with { beside: tensor } or { replicas: 'every' }.",
    })
  }
}

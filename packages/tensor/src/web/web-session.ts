import type { EngineSession, Tensor } from '@assay/core'
import type { InferenceSession } from 'onnxruntime-web'
import { assertFeeds, assertOutputs } from '../engine/assert-feeds.js'
import { contractTensor } from '../engine/contract-tensor.js'
import { closedError, runtimeError } from '../engine/engine-errors.js'
import { ownCopy } from '../engine/own-copy.js'
import { specificationOf } from '../engine/specification-of.js'
import type { RunQueue } from './run-queue.js'
import type { WebRuntime } from './web-runtime.js'

type Feeds = Readonly<Record<string, Tensor>>

/** Where a session lives. */
export interface WebSessionHome {
  readonly runtime: WebRuntime
  readonly queue: RunQueue
  readonly session: InferenceSession
  /** Told when the session is closed. */
  onClose(): void
}

/** A graph loaded in this very thread. */
export class WebSession implements EngineSession {
  readonly inputs: EngineSession['inputs']
  readonly outputs: EngineSession['outputs']
  readonly concurrency = 1
  readonly #home: WebSessionHome
  #closed = false

  constructor(home: WebSessionHome) {
    this.#home = home
    this.inputs = home.session.inputMetadata.map(specificationOf)
    this.outputs = home.session.outputMetadata.map(specificationOf)
  }

  async run(
    feeds: Feeds,
    { outputs, transfer = false, signal }: Parameters<EngineSession['run']>[1] = {},
  ): Promise<Record<string, Tensor>> {
    if (this.#closed) throw closedError('session')
    const wanted = outputs ?? this.outputs.map((output) => output.name)
    assertFeeds(this.inputs, feeds)
    assertOutputs(this.outputs, wanted)
    // The run may have to wait; what the caller keeps is read now.
    const own = transfer ? feeds : copies(feeds)
    return this.#home.queue.submit(() => this.#compute(own, wanted), signal)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const { queue, session, onClose } = this.#home
    onClose()
    await queue.inTurn(() => session.release())
  }

  async #compute(feeds: Feeds, outputs: readonly string[]): Promise<Record<string, Tensor>> {
    const { runtime, session } = this.#home
    try {
      const inputs = Object.entries(feeds).map(([name, { type, data, dims }]) => [
        name,
        new runtime.Tensor(type, data as never, dims),
      ])
      const results = await session.run(Object.fromEntries(inputs), [...outputs], fatalOnly)
      return Object.fromEntries(
        outputs.map((name) => [name, contractTensor(results[name] as unknown as Tensor)]),
      )
    } catch (cause) {
      throw runtimeError(cause)
    }
  }
}

/** The runtime's errors are thrown; it need not write them to the console as well. */
const fatalOnly = { logSeverityLevel: 4 } as const

const copies = (feeds: Feeds): Feeds =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [
      name,
      { ...tensor, data: ownCopy(tensor.data) } as Tensor,
    ]),
  )

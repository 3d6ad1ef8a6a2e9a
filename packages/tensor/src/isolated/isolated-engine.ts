import { resolve } from 'node:path'
import { AssayError, type Engine } from '@assay/core'
import { abortedError, closedError } from '../engine/engine-errors.js'
import type { Model } from '../engine/node-engine.js'
import { runtimeId } from '../engine/runtime-id.js'
import { IsolatedSession, type Opened } from './isolated-session.js'
import type { IsolationLimits } from './isolation-limits.js'
import { Lane } from './lane.js'
import type { Message } from './message-stream.js'
import type { ModelReply } from './model-messages.js'
import { ModelProcess } from './model-process.js'

interface Opening {
  /** File of the graph, or null where its bytes are the one part. */
  readonly path: string | null
  readonly parts: readonly Uint8Array[]
  readonly signal: AbortSignal | undefined
}

/** The one implementation of an engine with a process for each model. */
export class IsolatedEngine implements Engine {
  readonly specificationVersion = 1
  readonly id = runtimeId()
  readonly device = 'cpu'
  readonly #threads: number
  readonly #limits: IsolationLimits
  readonly #lane = new Lane()
  readonly #processes = new Set<ModelProcess>()
  #closed = false

  constructor(threads: number, limits: IsolationLimits) {
    this.#threads = threads
    this.#limits = limits
  }

  async open(
    model: Model,
    { signal }: Parameters<Engine['open']>[1] = {},
  ): Promise<IsolatedSession> {
    this.#assertOpen()
    const path = model instanceof Uint8Array ? null : resolve(model.path)
    const parts = model instanceof Uint8Array ? [new Uint8Array(model)] : []
    return this.#lane.submit(() => this.#start({ path, parts, signal }), signal)
  }

  async close(): Promise<void> {
    this.#closed = true
    const closed = closedError('engine')
    await Promise.all([...this.#processes].map((process) => process.close(closed)))
  }

  async #start({ path, parts, signal }: Opening): Promise<IsolatedSession> {
    this.#assertOpen()
    const process = new ModelProcess(this.#limits)
    this.#processes.add(process)
    process.closed.then(() => this.#processes.delete(process))
    const abort = () => process.end(abortedError(signal as AbortSignal))
    signal?.addEventListener('abort', abort, { once: true })
    try {
      await process.started()
      const { memoryBytes, outputBytes } = this.#limits
      const request = {
        name: 'open',
        path,
        threads: this.#threads,
        memoryBytes,
        outputBytes,
      } as const
      const opened = await process.ask(request, parts, openedOf)
      return new IsolatedSession(process, this.#lane, opened)
    } catch (error) {
      await process.close(closedError('session'))
      throw error
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw closedError('engine')
  }
}

function openedOf({ body }: Message<ModelReply>): Opened {
  if (body.name === 'opened')
    return { ...body, inputs: [...body.inputs], outputs: [...body.outputs] }
  throw new AssayError({
    code: 'ENGINE_FAILED',
    message: `The process of the model answered with ${body.name} where it should open the model.`,
    value: body.name,
    remedy: 'Do not use this model.',
  })
}

import { AssayError } from '@assay/core'
import { workerLostError } from '../../engine/engine-errors.js'
import { EngineWorker } from '../../engine/engine-worker.js'
import type { WireError } from '../../engine/worker-calls.js'
import type { Message } from '../message-stream.js'
import {
  type ModelReply,
  type ModelRequest,
  packTensors,
  unpackTensors,
} from '../model-messages.js'
import { containedModel } from './contained-model.js'

type Reply = { readonly body: ModelReply; readonly parts?: readonly Uint8Array[] }
type Open = Extract<ModelRequest, { name: 'open' }>
type Run = Extract<ModelRequest, { name: 'run' }>

/** The one model of a process goes by this number in its worker. */
const number = 1

/** How the runtime, the C++ library and V8 say that there is no memory. */
const outOfMemory = /bad_alloc|bad allocation|allocat|out of memory|Available memory/i

/** The longest message that is passed on: a model may have names of megabytes. */
const longestMessage = 2000

/** The model of this process, in a worker thread, so that this thread always listens. */
export class HostedModel {
  readonly #worker = new EngineWorker(() => {})
  #outputBytes = 0

  /** Answers a request; errors are answers, too. */
  async answer({ body, parts }: Message<ModelRequest>): Promise<Reply> {
    try {
      return body.name === 'open' ? await this.#open(body, parts) : await this.#run(body, parts)
    } catch (error) {
      return { body: { name: 'error', error: wireError(error) } }
    }
  }

  async #open(
    { path, threads, memoryBytes, outputBytes }: Open,
    [bytes]: Message<unknown>['parts'],
  ): Promise<Reply> {
    this.#outputBytes = outputBytes
    const source = path ?? (bytes as Uint8Array<ArrayBuffer>)
    const model = await containedModel(source, memoryBytes)
    const transfer = typeof model === 'string' ? [] : [model.buffer]
    const { inputs, outputs } = await this.#worker.call(
      'open-session',
      { number, model, threads },
      { transfer },
    )
    return { body: { name: 'opened', inputs, outputs } }
  }

  async #run({ feeds, outputs }: Run, parts: Message<unknown>['parts']): Promise<Reply> {
    const tensors = unpackTensors(feeds, parts)
    const transfer = parts.map((part) => part.buffer as ArrayBuffer)
    const results = await this.#worker.call(
      'run-session',
      { number, feeds: tensors, outputs },
      { transfer },
    )
    const { heads, parts: values } = packTensors(results)
    this.#assertFits(values.reduce((sum, { length }) => sum + length, 0))
    return { body: { name: 'result', outputs: heads }, parts: values }
  }

  #assertFits(bytes: number): void {
    if (bytes <= this.#outputBytes) return
    throw new AssayError({
      code: 'MODEL_RESOURCE_LIMIT',
      message: `The model put out ${bytes} bytes, more than ${this.#outputBytes}.`,
      value: bytes,
      remedy: 'Feed it with less at once, or raise the limit if you trust its source.',
    })
  }
}

function wireError(thrown: unknown): WireError {
  const error = AssayError.isInstance(thrown) ? thrown : workerLostError(thrown)
  const { message, remedy, location } = error
  const code =
    error.code === 'ENGINE_FAILED' && outOfMemory.test(message)
      ? 'MODEL_RESOURCE_LIMIT'
      : error.code
  return { code, message: message.slice(0, longestMessage), remedy, location }
}

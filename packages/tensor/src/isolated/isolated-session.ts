import { AssayError, type EngineSession, type Tensor } from '@assay/core'
import { assertFeeds, assertOutputs } from '../engine/assert-feeds.js'
import { closedError } from '../engine/engine-errors.js'
import { packTensor } from '../engine/wire-feeds.js'
import type { Lane } from './lane.js'
import type { Message } from './message-stream.js'
import { type ModelReply, packTensors, unpackTensors } from './model-messages.js'
import type { ModelProcess } from './model-process.js'

/** What an opened process has told of its model. */
export type Opened = Extract<ModelReply, { name: 'opened' }>

/** A graph in a process of its own. */
export class IsolatedSession implements EngineSession {
  readonly inputs: EngineSession['inputs']
  readonly outputs: EngineSession['outputs']
  readonly concurrency = 1
  readonly #process: ModelProcess
  readonly #lane: Lane

  constructor(process: ModelProcess, lane: Lane, { inputs, outputs }: Opened) {
    this.#process = process
    this.#lane = lane
    this.inputs = inputs
    this.outputs = outputs
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    { outputs, transfer = false, signal }: Parameters<EngineSession['run']>[1] = {},
  ): Promise<Record<string, Tensor>> {
    this.#process.assertAlive()
    const wanted = outputs ?? this.outputs.map((output) => output.name)
    assertFeeds(this.inputs, feeds)
    assertOutputs(this.outputs, wanted)
    const own = Object.entries(feeds).map(([name, feed]) => [name, packTensor(feed, transfer)])
    const { heads, parts } = packTensors(Object.fromEntries(own))
    const request = { name: 'run', feeds: heads, outputs: wanted } as const
    const understand = ({ body, parts: values }: Message<ModelReply>) =>
      resultOf(body, values, wanted)
    return this.#lane.submit(() => this.#process.ask(request, parts, understand), signal)
  }

  /** Ends the process; runs under way and in line reject with `ENGINE_CLOSED`. */
  async close(): Promise<void> {
    await this.#process.close(closedError('session'))
  }
}

/** The tensors of an answer that should be a result: it comes from where a stranger may speak. */
function resultOf(
  body: ModelReply,
  parts: readonly Uint8Array[],
  wanted: readonly string[],
): Record<string, Tensor> {
  const names = body.name === 'result' ? body.outputs.map((output) => output.name) : []
  if (body.name === 'result' && names.join() === wanted.join()) {
    return unpackTensors(body.outputs, parts)
  }
  throw new AssayError({
    code: 'ENGINE_FAILED',
    message: 'The process of the model answered with something else than the outputs.',
    value: body.name,
    remedy: 'Do not use this model.',
  })
}

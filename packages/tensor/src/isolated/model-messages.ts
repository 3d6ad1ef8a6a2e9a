import { AssayError, type EngineSession, type Tensor } from '@assay/core'
import type { WireError } from '../engine/worker-calls.js'
import { typedArrays } from '../worker/typed-arrays.js'
import type { Message } from './message-stream.js'

/** A tensor without its values, which travel as a part of the message. */
export interface TensorHead {
  readonly name: string
  readonly type: Tensor['type']
  readonly dims: readonly number[]
}

/** What the process of a model is asked for. The first request of all opens the model. */
export type ModelRequest =
  | {
      readonly name: 'open'
      /** File of the graph; null where its bytes are the one part of the message. */
      readonly path: string | null
      readonly threads: number
      /** Most resident memory of the process, in bytes. */
      readonly memoryBytes: number
      /** Most bytes of all outputs of a run. */
      readonly outputBytes: number
    }
  | {
      readonly name: 'run'
      readonly feeds: readonly TensorHead[]
      readonly outputs: readonly string[]
    }

/** What it says. */
export type ModelReply =
  /** It runs and listens. */
  | { readonly name: 'ready' }
  | {
      readonly name: 'opened'
      readonly inputs: EngineSession['inputs']
      readonly outputs: EngineSession['outputs']
    }
  | { readonly name: 'result'; readonly outputs: readonly TensorHead[] }
  | { readonly name: 'error'; readonly error: WireError }
  /** It holds more memory than it may, and waits for its end; comes at any time. */
  | { readonly name: 'excess' }

/** Tensors as heads and parts. */
export function packTensors(tensors: Readonly<Record<string, Tensor>>): {
  readonly heads: readonly TensorHead[]
  readonly parts: readonly Uint8Array[]
} {
  const entries = Object.entries(tensors)
  return {
    heads: entries.map(([name, { type, dims }]) => ({ name, type, dims })),
    parts: entries.map(
      ([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ),
  }
}

/**
 * The tensors of a message, over the memory of its parts.
 *
 * @throws AssayError `ENGINE_FAILED` where heads and parts do not fit each other
 */
export function unpackTensors(
  heads: readonly TensorHead[],
  parts: Message<unknown>['parts'],
): Record<string, Tensor> {
  const tensors = heads.map(({ name, type, dims }, index): [string, Tensor] => {
    const { buffer, length } = parts[index] ?? new Uint8Array(0)
    const values = dims.reduce((product, size) => product * size, 1)
    const ArrayOfType = typedArrays[type]
    if (length !== values * ArrayOfType.BYTES_PER_ELEMENT) throw misfit(name)
    return [name, { type, dims, data: new ArrayOfType(buffer as ArrayBuffer) } as Tensor]
  })
  return Object.fromEntries(tensors)
}

const misfit = (name: string): AssayError =>
  new AssayError({
    code: 'ENGINE_FAILED',
    message: `The tensor '${name}' came with another number of values than its shape has.`,
    value: name,
    remedy: 'Open the model again; if it happens again, do not use it.',
  })

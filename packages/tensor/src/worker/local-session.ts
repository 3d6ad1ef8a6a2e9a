import { access } from 'node:fs/promises'
import { AssayError, type Tensor } from '@assay/core'
import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node'
import { contractTensor } from '../engine/contract-tensor.js'
import { type DeviceChoice, noCpu } from '../engine/device.js'
import type { NativeGate } from '../engine/native-gate.js'
import { specificationOf } from '../engine/specification-of.js'
import type { SessionDescription, TensorSpecification } from '../engine/worker-calls.js'
import { loadOnnxRuntime, type OnnxRuntime } from './onnx-runtime.js'

/** The runtime itself writes to stderr only before it dies; its errors are thrown anyway. */
const fatalOnly = 4

/** Where and how a graph is loaded. */
export interface LocalSessionOptions extends DeviceChoice {
  readonly gate: NativeGate
  /** Bytes of the graph, or the path of its file. */
  readonly model: Uint8Array | string
  readonly threads: number
}

/** A graph loaded in this very thread; `run` blocks it. */
export class LocalSession implements SessionDescription {
  readonly inputs: readonly TensorSpecification[]
  readonly outputs: readonly TensorSpecification[]
  readonly #gate: NativeGate
  readonly #runtime: OnnxRuntime
  readonly #session: InferenceSession

  private constructor(gate: NativeGate, runtime: OnnxRuntime, session: InferenceSession) {
    this.#gate = gate
    this.#runtime = runtime
    this.#session = session
    this.inputs = session.inputMetadata.map(specificationOf)
    this.outputs = session.outputMetadata.map(specificationOf)
  }

  /** Opens bytes or a path, with an explicit thread count: the runtime would take all there are. */
  static async open(options: LocalSessionOptions): Promise<LocalSession> {
    const { gate, model, threads, device, deviceOnly } = options
    const runtime = await gate.pass(loadOnnxRuntime)
    if (typeof model === 'string') await assertReadable(model)
    const settings = {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: fatalOnly,
      ...(deviceOnly && device !== 'cpu' && noCpu),
    } as const
    // One overload takes bytes and another a path; both take the same options.
    const create = () => runtime.InferenceSession.create(model as string, settings)
    const session = await gate.pass(create)
    try {
      return new LocalSession(gate, runtime, session)
    } catch (error) {
      await gate.pass(() => session.release())
      throw error
    }
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs: readonly string[] = this.outputs.map((output) => output.name),
  ): Promise<Record<string, Tensor>> {
    const inputs = Object.entries(feeds).map(([name, feed]) => [
      name,
      runtimeTensor(this.#runtime, feed),
    ])
    const run = () => this.#session.run(Object.fromEntries(inputs), [...outputs])
    const results = await this.#gate.pass(run)
    return Object.fromEntries(
      outputs.map((name) => [name, contractTensor(results[name] as unknown as Tensor)]),
    )
  }

  async close(): Promise<void> {
    await this.#gate.pass(() => this.#session.release())
  }
}

/**
 * A tensor of the contract as the runtime has it, over the same memory. Where Node has a Float16Array
 * (from 24 on) the runtime makes one of float16 bits, and its native part finds that empty; bits that
 * were taken for uint16 it reads on every Node alike.
 */
function runtimeTensor(runtime: OnnxRuntime, { type, data, dims }: Tensor): RuntimeTensor {
  if (type !== 'float16') return new runtime.Tensor(type, data as never, dims)
  return Object.defineProperty(new runtime.Tensor('uint16', data, dims), 'type', { value: type })
}

async function assertReadable(path: string): Promise<void> {
  try {
    await access(path)
  } catch (cause) {
    throw new AssayError({
      code: 'MODEL_FILE_MISSING',
      message: `The model file ${path} cannot be read.`,
      value: path,
      remedy: 'Check the path and its permissions.',
      location: { file: path },
      cause,
    })
  }
}

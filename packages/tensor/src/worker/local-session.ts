import { access } from 'node:fs/promises'
import { AssayError, type Tensor } from '@assay/core'
import type { InferenceSession } from 'onnxruntime-node'
import type { SessionDescription, TensorSpecification } from '../engine/worker-calls.js'
import { loadOnnxRuntime, type OnnxRuntime } from './onnx-runtime.js'

const elementTypes: ReadonlySet<string> = new Set<Tensor['type']>([
  'float32',
  'float64',
  'float16',
  'int64',
  'int32',
  'uint8',
  'bool',
])

/** Only errors are written to stderr by the runtime itself. */
const errorsOnly = 3

/** A graph loaded in this very thread; `run` blocks it. */
export class LocalSession implements SessionDescription {
  readonly inputs: readonly TensorSpecification[]
  readonly outputs: readonly TensorSpecification[]
  readonly #runtime: OnnxRuntime
  readonly #session: InferenceSession

  private constructor(runtime: OnnxRuntime, session: InferenceSession) {
    this.#runtime = runtime
    this.#session = session
    this.inputs = session.inputMetadata.map(specification)
    this.outputs = session.outputMetadata.map(specification)
  }

  /** Opens bytes or a path, with an explicit thread count: the runtime would take all there are. */
  static async open(model: Uint8Array | string, threads: number): Promise<LocalSession> {
    const runtime = await loadOnnxRuntime()
    if (typeof model === 'string') await assertReadable(model)
    // One overload takes bytes and another a path; both take the same options.
    const session = await runtime.InferenceSession.create(model as string, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: errorsOnly,
    })
    try {
      return new LocalSession(runtime, session)
    } catch (error) {
      await session.release()
      throw error
    }
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs: readonly string[] = this.outputs.map((output) => output.name),
  ): Promise<Record<string, Tensor>> {
    const inputs = Object.entries(feeds).map(([name, { type, data, dims }]) => [
      name,
      new this.#runtime.Tensor(type, data as never, dims),
    ])
    const results = await this.#session.run(Object.fromEntries(inputs), [...outputs])
    return Object.fromEntries(
      outputs.map((name) => {
        const { type, dims, data } = results[name] as unknown as Tensor
        return [name, { type, dims, data } as Tensor]
      }),
    )
  }

  async close(): Promise<void> {
    await this.#session.release()
  }
}

function specification(metadata: InferenceSession.ValueMetadata): TensorSpecification {
  const type = metadata.isTensor ? metadata.type : 'no tensor'
  if (metadata.isTensor && elementTypes.has(type)) {
    return { name: metadata.name, type: type as Tensor['type'], shape: metadata.shape }
  }
  throw new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `The model's '${metadata.name}' is ${type}, which the engine does not carry.`,
    value: type,
    remedy: `Export the model with inputs and outputs of: ${[...elementTypes].join(', ')}.`,
  })
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

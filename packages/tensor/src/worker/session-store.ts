import { access } from 'node:fs/promises'
import { AssayError, type Tensor } from '@assay/core'
import type { InferenceSession } from 'onnxruntime-node'
import type {
  SessionDescription,
  TensorSpecification,
  WorkerCalls,
} from '../engine/worker-calls.js'
import { loadOnnxRuntime } from './onnx-runtime.js'

type Argument<Name extends keyof WorkerCalls> = WorkerCalls[Name]['argument']

const elementTypes: ReadonlySet<string> = new Set<Tensor['type']>([
  'float32',
  'float64',
  'float16',
  'int64',
  'int32',
  'uint8',
  'bool',
])

/** The sessions of one worker, by number. */
export class SessionStore {
  readonly #sessions = new Map<number, InferenceSession>()

  async open({ session, model, threads }: Argument<'open-session'>): Promise<SessionDescription> {
    const opened = await createSession(model, threads)
    try {
      const description = describe(opened)
      this.#sessions.set(session, opened)
      return description
    } catch (error) {
      await opened.release()
      throw error
    }
  }

  async run({ session, feeds, outputs }: Argument<'run-session'>): Promise<Record<string, Tensor>> {
    const { Tensor: OnnxTensor } = await loadOnnxRuntime()
    const opened = this.#sessions.get(session)
    if (!opened) throw unknownSession(session)
    const inputs = Object.entries(feeds).map(([name, { type, data, dims }]) => [
      name,
      new OnnxTensor(type, data as never, dims),
    ])
    const results = await opened.run(Object.fromEntries(inputs), [...outputs])
    return Object.fromEntries(
      outputs.map((name) => {
        const { type, dims, data } = results[name] as unknown as Tensor
        return [name, { type, dims, data } as Tensor]
      }),
    )
  }

  async close({ session }: Argument<'close-session'>): Promise<undefined> {
    const opened = this.#sessions.get(session)
    this.#sessions.delete(session)
    await opened?.release()
  }
}

/** Opens a graph with an explicit number of threads: the runtime's own default would take them all. */
export async function createSession(
  model: Uint8Array | string,
  threads: number,
): Promise<InferenceSession> {
  const { InferenceSession: Session } = await loadOnnxRuntime()
  const errorsOnly = 3
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: errorsOnly,
  }
  if (typeof model !== 'string') return Session.create(model, options)
  await access(model).catch((cause: unknown) => {
    throw missingFile(model, cause)
  })
  return Session.create(model, options)
}

function describe(session: InferenceSession): SessionDescription {
  return {
    inputs: session.inputMetadata.map(specification),
    outputs: session.outputMetadata.map(specification),
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

function missingFile(path: string, cause: unknown): AssayError {
  return new AssayError({
    code: 'MODEL_FILE_MISSING',
    message: `The model file ${path} cannot be read.`,
    value: path,
    remedy: 'Check the path and its permissions.',
    location: { file: path },
    cause,
  })
}

function unknownSession(session: number): AssayError {
  return new AssayError({
    code: 'ENGINE_CLOSED',
    message: 'The session is closed.',
    value: session,
    remedy: 'Call before close(), or open the model again.',
  })
}

import { AssayError, type Engine, type EngineSession } from '@assay/core'
import type { InferenceSession } from 'onnxruntime-web'
import { abortedError, runtimeError } from '../engine/engine-errors.js'
import { RunQueue } from './run-queue.js'
import type { WebDevice, WebRuntime } from './web-runtime.js'
import { WebSession } from './web-session.js'

/** An engine on a runtime that is ready. */
export class WebEngine implements Engine {
  readonly specificationVersion = 1
  readonly id: string
  readonly device: WebDevice
  readonly #runtime: WebRuntime
  readonly #queue = new RunQueue()
  readonly #sessions = new Set<WebSession>()

  constructor(runtime: WebRuntime, device: WebDevice) {
    this.id = `onnxruntime-web ${runtime.env.versions.web}`
    this.device = device
    this.#runtime = runtime
  }

  async open(
    model: Uint8Array | { readonly path: string },
    { signal }: Parameters<Engine['open']>[1] = {},
  ): Promise<EngineSession> {
    this.#queue.assertOpen()
    if (!(model instanceof Uint8Array)) throw noFiles(model.path)
    return this.#queue.submit(() => this.#load(model, signal), signal)
  }

  async close(): Promise<void> {
    await this.#queue.close()
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }

  async #load(model: Uint8Array, signal: AbortSignal | undefined): Promise<WebSession> {
    const [runtime, queue] = [this.#runtime, this.#queue]
    const session = await createSession(runtime, this.device, model)
    try {
      if (signal?.aborted) throw abortedError(signal) // Nobody waits for it any more.
      const onClose = () => this.#sessions.delete(opened)
      const opened: WebSession = new WebSession({ runtime, queue, session, onClose })
      this.#sessions.add(opened)
      return opened
    } catch (error) {
      await session.release()
      throw error
    }
  }
}

async function createSession(
  runtime: WebRuntime,
  device: WebDevice,
  model: Uint8Array,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: [device],
      logSeverityLevel: 4,
    })
  } catch (cause) {
    throw runtimeError(cause)
  }
}

const noFiles = (path: string) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The engine of a browser cannot open the file ${path}.`,
    value: path,
    remedy: 'Fetch the model and pass its bytes.',
  })

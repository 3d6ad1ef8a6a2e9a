import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { AssayError, type Engine, type EngineSession } from '@assay/core'
import { Dispatcher } from './dispatcher.js'
import type { EngineWorker } from './engine-worker.js'
import { closeReplicas, PooledSession, type SessionPlace } from './pooled-session.js'
import type { SessionDescription } from './worker-calls.js'
import { WorkerPool } from './worker-pool.js'

/** What an engine may use. */
export interface EngineOptions {
  /** Threads that all computations together keep busy. Default: the cores this process may use. */
  readonly threads?: number
  /**
   * Worker threads, that is runs that can go side by side; at most `threads`. Each holds its own copy
   * of a model opened with `replicas: 'every'`. Default: `threads`, but at most 4.
   */
  readonly workers?: number
}

type Model = Parameters<Engine['open']>[0]
type OpenOptions = NonNullable<Parameters<Engine['open']>[1]>

/**
 * An engine that runs ONNX graphs on onnxruntime-node in worker threads: the calling thread never
 * blocks, and all its sessions share one thread budget. Workers start when first needed, and one that
 * was lost is replaced at the next `open`. An engine that is forgotten does not keep the process alive.
 *
 * @throws AssayError `INVALID_ARGUMENT` where threads or workers is no positive integer, or there are
 *   more workers than threads
 */
export function createEngine({
  threads = availableParallelism(),
  workers = Math.min(threads, 4),
}: EngineOptions = {}): Engine {
  assertCount('threads', threads, Number.MAX_SAFE_INTEGER)
  assertCount('workers', workers, threads)
  return new NodeEngine(threads, workers)
}

function assertCount(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The engine cannot have ${value} ${name}.`,
    value,
    remedy: 'Give a whole number of threads from 1, and no more workers than threads.',
  })
}

class NodeEngine implements Engine {
  readonly specificationVersion = 1
  readonly id = `onnxruntime-node ${runtimeVersion()}`
  readonly #threads: number
  readonly #dispatcher: Dispatcher
  readonly #pool: WorkerPool
  #sessions = 0

  constructor(threads: number, workers: number) {
    this.#threads = threads
    this.#dispatcher = new Dispatcher(threads)
    this.#pool = new WorkerPool(workers, () => this.#dispatcher.advance())
  }

  async open(model: Model, options: OpenOptions = {}): Promise<EngineSession> {
    this.#dispatcher.assertOpen()
    const every = options.replicas === 'every'
    const workers = every ? this.#pool.every() : [this.#pool.emptiest()]
    const place: SessionPlace = {
      session: ++this.#sessions,
      workers,
      threads: Math.max(1, Math.floor(this.#threads / workers.length)),
      dispatcher: this.#dispatcher,
    }
    const opened = await Promise.allSettled(
      workers.map((worker) => this.#load(place, worker, model, options.signal)),
    )
    const failed = opened.find((outcome) => outcome.status === 'rejected')
    const first = opened.find((outcome) => outcome.status === 'fulfilled')
    if (first && !failed) return new PooledSession(place, first.value)
    await closeReplicas(place)
    throw failed?.reason
  }

  async close(): Promise<void> {
    this.#dispatcher.close()
    await this.#pool.terminate()
  }

  #load(
    { session, threads }: SessionPlace,
    target: EngineWorker,
    model: Model,
    signal: AbortSignal | undefined,
  ): Promise<SessionDescription> {
    target.load += 1
    const source = model instanceof Uint8Array ? model.slice() : model.path
    const transfer = source instanceof Uint8Array ? [source.buffer] : []
    return this.#dispatcher.submit({
      workers: [target],
      threads: 1,
      signal,
      start: (worker) =>
        worker.call('open-session', { session, model: source, threads }, { transfer }),
    })
  }
}

function runtimeVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json')
  return (manifest as { version: string }).version
}

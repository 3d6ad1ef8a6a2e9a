import type { Tensor } from '@assay/core'
import type { TaskMethods } from '../worker/task.js'
import { claimWebgpu } from './claim-webgpu.js'
import type { EngineOptions } from './create-engine.js'
import type { Device } from './device.js'
import { Dispatcher } from './dispatcher.js'
import type { EngineWorker } from './engine-worker.js'
import { acquire, type Holding, release } from './holding.js'
import type {
  Model,
  NodeEngine,
  NodeOpenOptions,
  PlaceOptions,
  TaskOptions,
} from './node-engine.js'
import { type NodeSession, PooledSession } from './pooled-session.js'
import { PlacedTensor, type ResidentTensor } from './resident-tensor.js'
import { runtimeId } from './runtime-id.js'
import { isResident, packTensor } from './wire-feeds.js'
import type { SessionDescription, TensorRegion } from './worker-calls.js'
import { WorkerPool } from './worker-pool.js'
import { PlacedTask, type WorkerTask } from './worker-task.js'

/** The one implementation of {@link NodeEngine}. */
export class OnnxRuntimeEngine implements NodeEngine {
  readonly specificationVersion = 1
  readonly id = runtimeId()
  readonly device: Device
  readonly threads: number
  readonly workers: number
  readonly #dispatcher: Dispatcher
  readonly #pool: WorkerPool
  readonly #letGo: () => void
  #numbers = 0

  constructor({ threads, workers, ...choice }: Required<EngineOptions>) {
    this.device = choice.device
    this.#letGo = choice.device === 'webgpu' ? claimWebgpu() : () => {}
    this.threads = threads
    this.workers = workers
    this.#dispatcher = new Dispatcher(threads)
    this.#pool = new WorkerPool(workers, choice, () => this.#dispatcher.advance())
  }

  async open(model: Model, options: NodeOpenOptions = {}): Promise<NodeSession> {
    this.#dispatcher.assertOpen()
    const { replicas, beside, signal } = options
    const every = replicas === 'every'
    const workers = every ? this.#pool.every() : [this.#home(beside)]
    const holdings = this.#hold(workers)
    const opened = await Promise.allSettled(
      holdings.map((holding) => openReplica(holding, model, signal)),
    )
    const failed = opened.find((outcome) => outcome.status === 'rejected')
    const first = opened.find((outcome) => outcome.status === 'fulfilled')
    if (first && !failed) return new PooledSession(this.#dispatcher, holdings, first.value)
    const loaded = holdings.filter((_, index) => opened[index]?.status === 'fulfilled')
    await Promise.all(loaded.map(release))
    throw failed?.reason
  }

  async place(
    source: Tensor | TensorRegion,
    { transfer = false, signal }: PlaceOptions = {},
  ): Promise<ResidentTensor> {
    this.#dispatcher.assertOpen()
    const [holding] = this.#hold([this.#home()]) as [Holding]
    const { number, worker } = holding
    const packed = 'path' in source ? source : packTensor(source, transfer)
    const moved = 'path' in packed ? [] : [packed.data.buffer as ArrayBuffer]
    const make = () => worker.call('place-tensor', { number, source: packed }, { transfer: moved })
    await acquire(holding, make, signal)
    return new PlacedTensor(holding, source, { start: 0, end: source.dims[0] ?? 1 })
  }

  async startTask<Methods extends TaskMethods>(
    module: URL,
    { argument, beside, signal }: TaskOptions = {},
  ): Promise<WorkerTask<Methods>> {
    this.#dispatcher.assertOpen()
    const [holding] = this.#hold([this.#home(beside)]) as [Holding]
    const { number, worker, threads } = holding
    const start = { number, module: module.href, argument, threads }
    await acquire(holding, () => worker.call('start-task', start), signal)
    return new PlacedTask<Methods>(holding)
  }

  async close(): Promise<void> {
    this.#dispatcher.close()
    await this.#pool.terminate()
    this.#letGo()
  }

  /** The worker that holds a tensor, or else the emptiest. */
  #home(beside?: ResidentTensor): EngineWorker {
    return beside && isResident(beside) ? beside.worker : this.#pool.emptiest()
  }

  /** One new number, and in each worker room for what goes by it with its share of the threads. */
  #hold(workers: readonly EngineWorker[]): Holding[] {
    const number = ++this.#numbers
    const threads = Math.max(1, Math.floor(this.threads / workers.length))
    const dispatcher = this.#dispatcher
    return workers.map((worker) => ({ number, worker, threads, dispatcher, freed: false }))
  }
}

function openReplica(
  holding: Holding,
  model: Model,
  signal: AbortSignal | undefined,
): Promise<SessionDescription> {
  const { number, worker, threads } = holding
  const source = model instanceof Uint8Array ? new Uint8Array(model) : model.path
  const transfer = source instanceof Uint8Array ? [source.buffer] : []
  const start = { number, model: source, threads }
  return acquire(holding, () => worker.call('open-session', start, { transfer }), signal)
}

import { setTimeout } from 'node:timers/promises'
import { type TransferListItem, Worker } from 'node:worker_threads'
import { AssayError } from '@assay/core'
import { builtScript } from './built-script.js'
import type { DeviceChoice } from './device.js'
import { closedError, unpostableError, workerLostError } from './engine-errors.js'
import { NativeGate } from './native-gate.js'
import type {
  WorkerCall,
  WorkerCalls,
  WorkerReply,
  WorkerRequest,
  WorkerStart,
} from './worker-calls.js'

interface Pending {
  resolve(answer: never): void
  reject(error: unknown): void
}

/** How a call goes. */
export interface CallOptions {
  /** Buffers that move to the worker instead of being copied. */
  readonly transfer?: readonly TransferListItem[]
  /** Tells the worker to stop; the answer is awaited all the same. */
  readonly signal?: AbortSignal | undefined
}

const onCpu: DeviceChoice = { device: 'cpu', deviceOnly: false }

/** A worker thread as the main thread sees it: calls go in, answers come out as promises. */
export class EngineWorker {
  /** Sessions, tensors and tasks that live here; the pool fills the emptiest worker first. */
  load = 0
  readonly #gate = new NativeGate()
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #calls = 0
  #lost: AssayError | null = null

  constructor(onLost: () => void, choice: DeviceChoice = onCpu) {
    this.#worker = new Worker(builtScript('worker.js'), {
      name: 'assay-engine',
      workerData: { gate: this.#gate.memory, choice } satisfies WorkerStart,
      execArgv: [],
    })
    this.#worker.unref()
    this.#worker.on('message', (reply: WorkerReply) => this.#settle(reply))
    this.#worker.on('error', (error) => this.#lose(workerLostError(error)))
    this.#worker.on('messageerror', (error) => this.#lose(workerLostError(error)))
    this.#worker.on('exit', () => {
      this.#lose(workerLostError(null))
      onLost()
    })
  }

  /** Whether calls can be answered. */
  get alive(): boolean {
    return this.#lost === null
  }

  /** Asks the worker; rejects with the worker's error, or ENGINE_FAILED if the worker ends first. */
  call<Name extends WorkerCall>(
    name: Name,
    argument: WorkerCalls[Name]['argument'],
    { transfer = [], signal }: CallOptions = {},
  ): Promise<WorkerCalls[Name]['answer']> {
    if (this.#lost) return Promise.reject(this.#lost)
    const id = ++this.#calls
    const abort = () => this.#worker.postMessage({ id, name: 'abort' } satisfies WorkerRequest)
    const answer = new Promise<WorkerCalls[Name]['answer']>((resolve, reject) => {
      try {
        this.#worker.postMessage({ id, name, argument }, transfer)
      } catch (cause) {
        reject(unpostableError(cause))
        return
      }
      // Only a worker with something to answer keeps the process alive.
      if (this.#pending.size === 0) this.#worker.ref()
      this.#pending.set(id, { resolve, reject })
      signal?.addEventListener('abort', abort, { once: true })
    })
    return answer.finally(() => signal?.removeEventListener('abort', abort))
  }

  /** Ends the thread, once the native call under way is through; calls reject with ENGINE_CLOSED. */
  async terminate(): Promise<void> {
    this.#lose(closedError('engine'))
    this.#gate.shut()
    while (this.#gate.busy) await setTimeout(1)
    await this.#worker.terminate()
  }

  /** As the process exits: blocks until its threads can be stopped. */
  prepareForExit(): void {
    this.#gate.shut()
    this.#gate.waitUntilIdle()
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id)
    // An answer may come while the thread is being ended, which keeps the process alive until it has.
    if (pending === undefined) return
    this.#pending.delete(reply.id)
    if (this.#pending.size === 0) this.#worker.unref()
    if ('error' in reply) pending.reject(new AssayError(reply.error))
    else pending.resolve(reply.answer as never)
  }

  #lose(error: AssayError): void {
    if (this.#lost) return
    this.#lost = error
    for (const pending of this.#pending.values()) pending.reject(error)
    this.#pending.clear()
    this.#worker.unref()
  }
}

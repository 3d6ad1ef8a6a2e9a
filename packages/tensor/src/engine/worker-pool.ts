import type { DeviceChoice } from './device.js'
import { EngineWorker } from './engine-worker.js'

/** A fixed number of worker threads, each started when it is first needed and again if it was lost. */
export class WorkerPool {
  readonly size: number
  readonly #workers: (EngineWorker | null)[]
  readonly #choice: DeviceChoice
  readonly #onLost: () => void
  readonly #onExit = () => {
    for (const worker of this.#workers) worker?.prepareForExit()
  }

  constructor(size: number, choice: DeviceChoice, onLost: () => void) {
    this.size = size
    this.#choice = choice
    this.#workers = new Array<EngineWorker | null>(size).fill(null)
    this.#onLost = onLost
    process.on('exit', this.#onExit)
  }

  /** All workers, running. */
  every(): EngineWorker[] {
    return this.#workers.map((_, slot) => this.#start(slot))
  }

  /** The worker with the least to hold, running. */
  emptiest(): EngineWorker {
    const loads = this.#workers.map((worker) => (worker?.alive ? worker.load : 0))
    return this.#start(loads.indexOf(Math.min(...loads)))
  }

  async terminate(): Promise<void> {
    process.off('exit', this.#onExit)
    await Promise.all(this.#workers.map((worker) => worker?.terminate()))
  }

  #start(slot: number): EngineWorker {
    const present = this.#workers[slot]
    if (present?.alive) return present
    const started = new EngineWorker(this.#onLost, this.#choice)
    this.#workers[slot] = started
    return started
  }
}

import { setImmediate } from 'node:timers/promises'

const limitMilliseconds = 10

/** Lets other work of the thread have its turn within a long computation. */
export class Breather {
  #since = performance.now()

  /** Whether it has computed for 10 ms. */
  get due(): boolean {
    return performance.now() - this.#since > limitMilliseconds
  }

  async take(): Promise<void> {
    await setImmediate()
    this.#since = performance.now()
  }
}

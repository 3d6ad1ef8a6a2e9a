const running = 0
const shut = 1

/**
 * Guards the native code of a worker. A worker that is stopped while it runs native code takes the
 * whole process down: onnxruntime-node cannot hand its results to a thread that is ending, throws in
 * C++, and nothing catches that. So the main thread shuts this gate, waits until nothing is running
 * behind it, and only then stops the worker. Both threads hold a gate over the same shared memory.
 */
export class NativeGate {
  readonly memory: SharedArrayBuffer
  readonly #flags: Int32Array

  constructor(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#flags = new Int32Array(memory)
  }

  /** In the worker: runs native code, or stands still for good where the gate is shut. */
  async pass<Result>(native: () => Promise<Result>): Promise<Result> {
    Atomics.add(this.#flags, running, 1)
    if (Atomics.load(this.#flags, shut) === 1) {
      this.#leave()
      Atomics.wait(this.#flags, shut, 1)
    }
    try {
      return await native()
    } finally {
      this.#leave()
    }
  }

  /** In the main thread: lets no more native code begin. */
  shut(): void {
    Atomics.store(this.#flags, shut, 1)
  }

  /** Whether native code is running. */
  get busy(): boolean {
    return Atomics.load(this.#flags, running) > 0
  }

  /** Blocks the calling thread until nothing is running, for as long as the process ends anyway. */
  waitUntilIdle(): void {
    for (;;) {
      const count = Atomics.load(this.#flags, running)
      if (count === 0) return
      Atomics.wait(this.#flags, running, count)
    }
  }

  #leave(): void {
    Atomics.sub(this.#flags, running, 1)
    Atomics.notify(this.#flags, running)
  }
}

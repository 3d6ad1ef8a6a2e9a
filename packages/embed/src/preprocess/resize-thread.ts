import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { AssayError, type RgbImage } from '@assay/core'
import type { Preprocessing } from './preprocessing.js'
import type { MovedPicture, ResizeAnswer } from './resize-worker.js'
import { resizeWorkerUrl } from './resize-worker-url.js'

/** Bytes that are copied at once: a few milliseconds where the memory is new. */
const copiedAtOnce = 2 ** 22

/** Memory that is kept between pictures: enough for one of 2048 x 2048. */
const keptBytes = 2 ** 24

/** One worker thread as the main thread sees it; it resizes one picture after another. */
export class ResizeThread {
  /** Pictures that were handed over and are not done. */
  pictures = 0
  readonly #worker: Worker
  readonly #ended = new AbortController()
  #last: Promise<unknown> = Promise.resolve()
  #memory = new ArrayBuffer(0)
  #ending = false

  constructor(preprocessing: Preprocessing) {
    this.#worker = new Worker(resizeWorkerUrl(), {
      name: 'assay-resize',
      workerData: preprocessing,
      execArgv: [],
    })
    this.#worker.unref()
    // Told by the picture under way, if there is one.
    this.#worker.on('error', () => {})
    this.#worker.on('exit', () => this.#ended.abort())
  }

  /** Whether it can take a picture. */
  get alive(): boolean {
    return !this.#ended.signal.aborted
  }

  /** @throws AssayError `INTERNAL` where the thread ends before it answers */
  resize(image: RgbImage): Promise<RgbImage> {
    this.pictures++
    const answer = this.#last.then(() => this.#ask(image)).finally(() => this.pictures--)
    this.#last = answer.catch(() => {})
    return answer
  }

  /** Ends the thread at once. */
  async terminate(): Promise<void> {
    this.#ending = true
    await this.#worker.terminate()
  }

  async #ask({ width, height, data }: RgbImage): Promise<RgbImage> {
    const memory = await this.#copy(data)
    // Only a thread with something to answer keeps the process alive.
    this.#worker.ref()
    try {
      const answer = once(this.#worker, 'message', { signal: this.#ended.signal })
      this.#worker.postMessage({ width, height, memory } satisfies MovedPicture, [memory])
      const [{ resized, memory: returned }] = (await answer) as [ResizeAnswer]
      this.#memory = returned.byteLength <= keptBytes ? returned : new ArrayBuffer(0)
      return resized
    } catch (cause) {
      this.#ended.abort()
      throw lostError(cause)
    } finally {
      if (!this.#ending) this.#worker.unref() // A thread being ended keeps the process alive until it has.
    }
  }

  /** Pixels in memory that can move. Others may run while many are copied. */
  async #copy(pixels: Uint8Array): Promise<ArrayBuffer> {
    const kept = this.#memory
    const memory = kept.byteLength < pixels.length ? new ArrayBuffer(pixels.length) : kept
    const target = new Uint8Array(memory)
    for (let from = 0; from < pixels.length; from += copiedAtOnce) {
      if (from > 0) await setImmediate()
      target.set(pixels.subarray(from, from + copiedAtOnce), from)
    }
    return memory
  }
}

const lostError = (cause: unknown): AssayError =>
  new AssayError({
    code: 'INTERNAL',
    message: 'A thread that resizes pictures ended before it answered.',
    remedy:
      'Free memory and try again; if it happens again, report the picture as a fault of Assay.',
    cause,
  })

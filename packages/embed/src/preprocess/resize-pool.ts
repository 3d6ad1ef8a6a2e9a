import { availableParallelism } from 'node:os'
import { AssayError, type RgbImage } from '@assay/core'
import type { Preprocessing } from './preprocessing.js'
import { assertFilled } from './resize-image.js'
import { needsNoResize } from './resize-steps.js'
import { ResizeThread } from './resize-thread.js'

/** Threads of a pool: one a core, but no more than decoders keep busy. */
const usualThreads = Math.min(8, availableParallelism())

/**
 * Resizes pictures for one model, as `resizeImage` does, but beside the main thread. Threads are started
 * when they are needed, and do not keep the process alive.
 */
export class ResizePool {
  readonly #preprocessing: Preprocessing
  readonly #most: number
  #threads: ResizeThread[] = []
  #closed = false

  constructor(preprocessing: Preprocessing, threads: number = usualThreads) {
    this.#preprocessing = preprocessing
    this.#most = threads
  }

  /**
   * @param file what errors call the picture
   * @throws AssayError `IMAGE_CORRUPT`, as `resizeImage`; `ENGINE_CLOSED` once the pool is closed
   */
  async resize(image: RgbImage, file: string | null = null): Promise<RgbImage> {
    assertFilled(image, file)
    if (needsNoResize(image, this.#preprocessing)) return image
    if (this.#closed) throw closedError()
    return this.#emptiest()
      .resize(image)
      .catch((error: unknown) => {
        throw this.#closed ? closedError() : error
      })
  }

  /** Ends the threads; pictures under way reject with `ENGINE_CLOSED`. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }

  /** A thread that is idle, else a new one, else the one with the fewest pictures to do. */
  #emptiest(): ResizeThread {
    this.#threads = this.#threads.filter(({ alive }) => alive)
    const [emptiest] = this.#threads.toSorted((a, b) => a.pictures - b.pictures)
    if (emptiest && (emptiest.pictures === 0 || this.#threads.length >= this.#most)) return emptiest
    const started = new ResizeThread(this.#preprocessing)
    this.#threads.push(started)
    return started
  }
}

const closedError = (): AssayError =>
  new AssayError({
    code: 'ENGINE_CLOSED',
    message: 'The encoder is closed.',
    remedy: 'Open it again, or close it once all pictures are embedded.',
  })

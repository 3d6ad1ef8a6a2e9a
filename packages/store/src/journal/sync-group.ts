/** Records that may be unsynced at most before a sync is started. */
const groupSize = 16

/** Milliseconds that a record may stay unsynced. */
const groupMilliseconds = 1000

/**
 * Syncs writes in groups: a sync is started after every 16th write and 1 s after the first unsynced
 * one. Never more than one runs and one waits.
 */
export class SyncGroup {
  readonly #sync: () => Promise<void>
  #unsynced = 0
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()
  #waiting: Promise<void> | null = null
  #failure: unknown = null

  constructor(sync: () => Promise<void>) {
    this.#sync = sync
  }

  /** Throws what the first failed sync threw: what was written since the last good one is in doubt. */
  assertIntact(): void {
    if (this.#failure !== null) throw this.#failure
  }

  /** Counts a write; its sync happens in the background. */
  written(): void {
    this.#unsynced++
    if (this.#unsynced >= groupSize) void this.#start()
    else this.#timer ??= setTimeout(() => void this.#start(), groupMilliseconds).unref()
  }

  /** Resolves when everything written so far is on the disk. */
  async flush(): Promise<void> {
    await (this.#unsynced > 0 ? this.#start() : (this.#waiting ?? this.#running))
    this.assertIntact()
  }

  #start(): Promise<void> {
    this.#waiting ??= this.#running.then(() => {
      this.#running = this.#syncOnce()
      return this.#running
    })
    return this.#waiting
  }

  async #syncOnce(): Promise<void> {
    this.#waiting = null
    this.#unsynced = 0
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    try {
      await this.#sync()
    } catch (error) {
      this.#failure ??= error
    }
  }
}

import { AssayError } from '@assay/core'

/** One archive or table, as a row of contents. */
export interface Shard {
  readonly path: string
  /** How many contents it has. */
  readonly count: number
  /** Whether `open` reaches a later content without passing those in front of it. */
  readonly seeks: boolean
  /** The contents from number `first` on; each is read where it is asked for, before the next one. */
  open(first: number): AsyncGenerator<() => Promise<unknown>>
}

/** Contents passed over rather than opened anew. */
const longestGap = 100

/**
 * Reads contents of shards one after the other, each shard in one pass as long as it is read in order;
 * at most one is open. What cannot be read is not tried again.
 */
export class PackedReader {
  #last: Promise<unknown> = Promise.resolve()
  #shard: Shard | null = null
  #contents: AsyncGenerator<() => Promise<unknown>> | null = null
  #next = 0
  /** From which content on a shard cannot be read, and why. */
  readonly #broken = new Map<Shard, { readonly from: number; readonly error: unknown }>()

  /** The content of this number; throws what the shard throws. */
  read(shard: Shard, number: number): Promise<unknown> {
    const turn = this.#last.then(() => this.#read(shard, number))
    this.#last = turn.catch(() => {})
    return turn
  }

  async #read(shard: Shard, number: number): Promise<unknown> {
    const broken = this.#broken.get(shard)
    if (broken && number >= broken.from) throw broken.error
    const gap = number - this.#next
    const isFar = gap < 0 || (shard.seeks && gap > longestGap)
    if (shard !== this.#shard || isFar) await this.#open(shard, number)
    while (this.#next < number) await this.#take(shard)
    const read = await this.#take(shard)
    try {
      return await read()
    } finally {
      if (number === shard.count - 1) await this.#close()
    }
  }

  async #open(shard: Shard, first: number): Promise<void> {
    await this.#close()
    this.#shard = shard
    this.#contents = shard.open(first)
    this.#next = first
  }

  async #take(shard: Shard): Promise<() => Promise<unknown>> {
    const from = this.#next++
    try {
      const { value, done } = (await this.#contents?.next()) ?? { done: true }
      if (done === true) throw endedEarly(shard, from)
      return value
    } catch (error) {
      this.#broken.set(shard, { from, error })
      await this.#close()
      throw error
    }
  }

  async #close(): Promise<void> {
    const contents = this.#contents
    this.#shard = null
    this.#contents = null
    await contents?.return(undefined)
  }
}

const endedEarly = ({ path, count }: Shard, number: number): AssayError =>
  new AssayError({
    code: 'FILE_READ_FAILED',
    message: `${path} had ${count} pictures when it was listed, and now has ${number}.`,
    value: number,
    remedy: 'Leave the file alone while it is read.',
    location: { file: path },
  })

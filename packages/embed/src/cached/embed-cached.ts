import {
  AssayError,
  createMatrix,
  type EmbeddingBatch,
  type ItemFailure,
  itemFailure,
  type Matrix,
  type Progress,
} from '@assay/core'
import { mapInOrder } from '@assay/core/iteration'
import { normalizeRows } from '@assay/core/linear-algebra'
import { assertNotAborted } from '../pipeline/aborted-error.js'
import { type EmbeddingCache, readVector, vectorBytes } from './embedding-cache.js'

/** An item as it was read. */
export interface LoadedItem<Input> {
  /** Its key, worked out only where there is a cache. */
  readonly key: () => string
  /** What the encoder takes. */
  readonly input: Input
  /** Memory that the input holds. */
  readonly bytes: number
}

/** What is embedded, by what. */
export interface CachedEmbedding<Input> {
  /** Distinct identifiers of the items. */
  readonly ids: readonly string[]
  /** Reads one item; errors of kind `image` are its failure. */
  load(index: number): Promise<LoadedItem<Input>>
  /** The encoder. */
  embed(inputs: readonly Input[]): Promise<EmbeddingBatch>
  /** Whether rows are brought to unit length. */
  readonly normalize: boolean
  readonly dimensions: number
  readonly fingerprint: string
  readonly cache: EmbeddingCache | null
  readonly task: string
  readonly progress: Progress
  readonly signal: AbortSignal | undefined
}

/** Embeddings of a set. */
export interface EmbeddedSet {
  /** A row for each item that succeeded, in input order, with ids and fingerprint. */
  readonly embeddings: Matrix
  /** One entry for each item that did not, in input order. */
  readonly failures: readonly ItemFailure[]
  /** Rows that were found in the cache. */
  readonly fromCache: number
}

/** Items that are read and looked up side by side. */
const loadsAtOnce = 8
/** Items, and bytes of them, that go to the encoder in one call. */
const chunkItems = 32
const chunkBytes = 64 * 2 ** 20
/** Calls of the encoder side by side: one ends while the next one fills the cores. */
const chunksAtOnce = 2

/**
 * Embeds items, each of them once for each content and encoder: what the cache has is taken from it,
 * what is new is kept in it as soon as it is there. Failures are never kept.
 */
export async function embedCached<Input>(work: CachedEmbedding<Input>): Promise<EmbeddedSet> {
  const result = new SetInProgress(work)
  const calls = mapInOrder(missesInChunks(work, result), chunksAtOnce, async (chunk) => {
    const batch = await work.embed(chunk.map(({ input }) => input))
    await keep(work, chunk, batch, result)
  })
  for await (const _ of calls) assertNotAborted(work.signal)
  return result.finish()
}

interface Miss<Input> {
  readonly index: number
  /** Null without a cache. */
  readonly key: string | null
  readonly input: Input
  readonly bytes: number
}

async function* missesInChunks<Input>(
  work: CachedEmbedding<Input>,
  result: SetInProgress,
): AsyncGenerator<Miss<Input>[]> {
  let chunk: Miss<Input>[] = []
  let bytes = 0
  for await (const miss of mapInOrder(work.ids.keys(), loadsAtOnce, (i) =>
    lookUp(work, i, result),
  )) {
    if (miss === null) continue
    chunk.push(miss)
    bytes += miss.bytes
    if (chunk.length < chunkItems && bytes < chunkBytes) continue
    yield chunk
    chunk = []
    bytes = 0
  }
  if (chunk.length > 0) yield chunk
}

/** Reads an item; null where it is done, because the cache has it or it failed. */
async function lookUp<Input>(
  work: CachedEmbedding<Input>,
  index: number,
  result: SetInProgress,
): Promise<Miss<Input> | null> {
  assertNotAborted(work.signal)
  try {
    const { input, bytes, ...item } = await work.load(index)
    const key = work.cache && item.key()
    const vector = key && (await readVector(work.cache, key, work.dimensions))
    if (!vector) return { index, key, input, bytes }
    result.fromCache++
    result.succeed(index, vector)
  } catch (error) {
    if (!AssayError.isInstance(error) || error.kind !== 'image') throw error
    result.fail(index, itemFailure(work.ids[index] ?? '', 'read', error))
  }
  return null
}

/** Keeps what an encoder made of a chunk. */
async function keep<Input>(
  { ids, cache, normalize }: CachedEmbedding<Input>,
  chunk: readonly Miss<Input>[],
  batch: EmbeddingBatch,
  result: SetInProgress,
): Promise<void> {
  const { embeddings } = batch
  if (embeddings.normalized && !normalize) throw unitRows(embeddings.fingerprint)
  const { data, columns, ids: found } = normalize ? normalizeRows(embeddings) : embeddings
  const rows = new Map(found?.map((id, row) => [id, row]))
  const failures = new Map(batch.failures.map((failure) => [failure.id, failure]))
  for (const { index, key } of chunk) {
    const id = ids[index] ?? ''
    const row = rows.get(id)
    const failure = failures.get(id)
    if (row !== undefined) {
      const vector = data.slice(row * columns, (row + 1) * columns)
      if (key !== null) await cache?.set(key, vectorBytes(vector))
      result.succeed(index, vector)
    } else if (failure) result.fail(index, failure)
    else throw forgotten(id)
  }
}

const unitRows = (fingerprint: string | null): AssayError =>
  new AssayError({
    code: 'NORMALIZATION_MISMATCH',
    message: 'Raw embeddings are asked for, and the encoder gives rows of unit length.',
    value: fingerprint,
    remedy: 'Open the encoder with `normalize: false`, or take the rows normalised.',
  })

const forgotten = (id: string): AssayError =>
  new AssayError({
    code: 'CONFORMANCE_FAILED',
    message: `The encoder gave neither a row nor a failure for ${JSON.stringify(id)}.`,
    value: id,
    remedy: 'Run `checkEncoder` of @assay/core/testing on this encoder.',
    location: { id },
  })

/** Rows as they come in, whatever their order. */
class SetInProgress {
  fromCache = 0
  readonly #work: CachedEmbedding<unknown>
  readonly #data: Float32Array
  readonly #failures = new Map<number, ItemFailure>()
  #done = 0

  constructor(work: CachedEmbedding<unknown>) {
    this.#work = work
    // NaN: a row that nobody wrote must not look like a vector.
    this.#data = new Float32Array(work.ids.length * work.dimensions).fill(Number.NaN)
  }

  succeed(index: number, vector: Float32Array): void {
    this.#data.set(vector, index * this.#work.dimensions)
    this.#advance()
  }

  fail(index: number, failure: ItemFailure): void {
    this.#failures.set(index, failure)
    this.#advance()
  }

  finish(): EmbeddedSet {
    const { ids, dimensions, fingerprint, normalize } = this.#work
    const kept = [...ids.keys()].filter((index) => !this.#failures.has(index))
    // Rows move up into the places of those that failed.
    kept.forEach((from, to) => {
      if (from !== to)
        this.#data.copyWithin(to * dimensions, from * dimensions, (from + 1) * dimensions)
    })
    const embeddings = createMatrix({
      data: this.#failures.size === 0 ? this.#data : this.#data.slice(0, kept.length * dimensions),
      columns: dimensions,
      ids: kept.map((index) => ids[index] ?? ''),
      normalized: normalize,
      fingerprint,
      requireFinite: true,
    })
    const failures = [...this.#failures].sort(([a], [b]) => a - b).map(([, failure]) => failure)
    return { embeddings, failures, fromCache: this.fromCache }
  }

  #advance(): void {
    const { task, ids, progress } = this.#work
    progress({ task, done: ++this.#done, total: ids.length })
  }
}

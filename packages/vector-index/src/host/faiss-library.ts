import type { Index } from 'faiss-node'
import type { FaissSettings, OpenArgument } from './library-protocol.js'
import { loadLibrary } from './load-library.js'
import type { NearestLibrary } from './nearest-library.js'

/** Numbers that become a plain array at a time; faiss-node takes no typed arrays. */
const valuesAtOnce = 2 ** 20
/** Numbers of faiss's `MetricType`. */
const innerProduct = 0
const squaredDistance = 1

/** Loads faiss-node and makes an empty index. Throws as `loadLibrary` does. */
export async function faissLibrary(
  { factory }: FaissSettings,
  { metric, columns }: Pick<OpenArgument, 'metric' | 'columns'>,
): Promise<NearestLibrary> {
  const remedy =
    'Install faiss-node 0.5.1 with its binary; the README of @assay/vector-index says how to build it.'
  const faiss = await loadLibrary(
    'faiss-node',
    async () => (await import('faiss-node')).default,
    remedy,
  )
  const kind = metric === 'euclidean' ? squaredDistance : innerProduct
  const index = faiss.Index.fromFactory(columns, factory, kind)
  return new FaissLibrary(index, { columns, directions: metric === 'cosine' })
}

class FaissLibrary implements NearestLibrary {
  readonly #index: Index
  readonly #columns: number
  /** Whether rows are divided by their lengths: faiss has no cosine. */
  readonly #directions: boolean

  constructor(
    index: Index,
    { columns, directions }: { readonly columns: number; readonly directions: boolean },
  ) {
    this.#index = index
    this.#columns = columns
    this.#directions = directions
  }

  train(rows: Float32Array): void {
    if (!this.#index.isTrained()) this.#index.train(this.#plain(rows))
  }

  add(_first: number, rows: Float32Array): void {
    const step = Math.max(1, Math.floor(valuesAtOnce / this.#columns)) * this.#columns
    for (let start = 0; start < rows.length; start += step) {
      this.#index.add(this.#plain(rows.subarray(start, start + step)))
    }
  }

  search(queries: Float32Array, count: number): Uint32Array[] {
    const { labels } = this.#index.search(this.#plain(queries), count)
    return Array.from({ length: queries.length / this.#columns }, (_, query) =>
      // A label of -1 fills places that faiss has nothing for.
      Uint32Array.from(
        labels.slice(query * count, (query + 1) * count).filter((label) => label >= 0),
      ),
    )
  }

  save(path: string): void {
    this.#index.write(path)
  }

  restore(): void {}

  #plain(rows: Float32Array): number[] {
    const plain = Array.from(rows)
    if (!this.#directions) return plain
    for (let start = 0; start < plain.length; start += this.#columns) {
      let squares = 0
      for (let at = start; at < start + this.#columns; at++) squares += plain[at]! ** 2
      const factor = 1 / Math.sqrt(squares)
      for (let at = start; at < start + this.#columns; at++) plain[at]! *= factor
    }
    return plain
  }
}

import type { VectorMetric } from '@assay/core'
import type { Index } from 'usearch'
import type { OpenArgument, UsearchSettings } from './library-protocol.js'
import { loadLibrary } from './load-library.js'
import type { NearestLibrary } from './nearest-library.js'

/** Names of metrics in usearch; its inner product and cosine are one minus the usual ones. */
const metrics = { 'inner-product': 'ip', cosine: 'cos', euclidean: 'l2sq' } as const

/** Loads usearch and makes an empty graph. Throws as `loadLibrary` does. */
export async function usearchLibrary(
  settings: UsearchSettings,
  { metric, columns, threads }: Pick<OpenArgument, 'metric' | 'columns' | 'threads'>,
): Promise<NearestLibrary> {
  const remedy = 'Install it: npm install usearch@2.25.3 (prebuilt for Linux and macOS).'
  const { Index } = await loadLibrary('usearch', () => import('usearch'), remedy)
  const index = new Index({
    dimensions: columns,
    metric: metrics[metric satisfies VectorMetric] as never,
    quantization: settings.quantization as never,
    connectivity: settings.connectivity,
    expansion_add: settings.expansionAdd,
    expansion_search: settings.expansionSearch,
    multi: false,
  })
  return new UsearchLibrary(index, threads)
}

class UsearchLibrary implements NearestLibrary {
  readonly #index: Index
  readonly #threads: number

  constructor(index: Index, threads: number) {
    this.#index = index
    this.#threads = threads
  }

  train(): void {}

  add(first: number, rows: Float32Array): void {
    const count = rows.length / this.#index.dimensions()
    const keys = BigUint64Array.from({ length: count }, (_, row) => BigInt(first + row))
    this.#index.add(keys, rows, this.#threads)
  }

  search(queries: Float32Array, count: number): Uint32Array[] {
    const matches = this.#index.search(queries, count, this.#threads)
    // For one query it answers in another form than for several.
    const counts = 'counts' in matches ? Array.from(matches.counts as BigUint64Array, Number) : null
    if (!counts) return [Uint32Array.from(matches.keys, Number)]
    return counts.map((found, query) =>
      Uint32Array.from(matches.keys.subarray(query * count, query * count + found), Number),
    )
  }

  save(path: string): void {
    this.#index.save(path)
  }

  restore(path: string, map: boolean): void {
    if (map) this.#index.view(path)
    else this.#index.load(path)
  }
}

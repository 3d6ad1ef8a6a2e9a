import {
  AssayError,
  type Matrix,
  type Measure,
  type Neighbour,
  type VectorIndex,
  type VectorMetric,
} from '@assay/core'
import { namedResults } from '../contract/row-names.js'
import { assertNeighbours, queryRadii, queryValues } from '../contract/search-arguments.js'
import type { LibraryProcess } from '../host/library-process.js'
import type { ApproximateIndex } from './approximate-index.js'
import { describeRecall } from './describe-recall.js'

/** What an index over a library consists of. */
export interface LibraryIndexParts {
  /** Name of the library and of its settings, for instance `usearch f16`. */
  readonly name: string
  readonly vectors: Pick<Matrix, 'rows' | 'columns' | 'ids' | 'fingerprint'>
  readonly metric: VectorMetric
  readonly library: LibraryProcess
  readonly recall: Measure
}

/** The caller's end of a search by a library: checks, asks and names results. */
export class LibraryIndex implements ApproximateIndex {
  readonly specificationVersion = 1
  readonly id: string
  readonly exact = false
  readonly metric: VectorMetric
  readonly size: number
  readonly dimensions: number
  readonly fingerprint: string | null
  readonly recall: Measure
  readonly #ids: readonly string[] | null
  readonly #library: LibraryProcess
  #closed = false

  constructor({ name, vectors, metric, library, recall }: LibraryIndexParts) {
    this.id = `${name}, ${describeRecall(recall)}`
    this.metric = metric
    this.size = vectors.rows
    this.dimensions = vectors.columns
    this.fingerprint = vectors.fingerprint
    this.recall = recall
    this.#ids = vectors.ids
    this.#library = library
  }

  async nearest(
    queries: Matrix,
    { k, signal }: Parameters<VectorIndex['nearest']>[1],
  ): Promise<readonly (readonly Neighbour[])[]> {
    assertNeighbours(k)
    const argument = { queries: this.#checked(queries), k, exactly: false }
    return namedResults(await this.#library.ask('nearest', argument, signal), this.#ids)
  }

  async within(
    queries: Matrix,
    { radius, signal }: Parameters<VectorIndex['within']>[1],
  ): Promise<readonly (readonly Neighbour[])[]> {
    const radii = queryRadii(radius, queries.rows)
    const argument = { queries: this.#checked(queries), radii }
    return namedResults(await this.#library.ask('within', argument, signal), this.#ids)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#library.close()
  }

  #checked(queries: Matrix): Float32Array {
    if (!this.#closed) return queryValues(this, queries)
    throw new AssayError({
      code: 'ENGINE_CLOSED',
      message: 'The index is closed.',
      remedy: 'Search before close(), or make a new index.',
    })
  }
}

import {
  AssayError,
  type Matrix,
  type Neighbour,
  type VectorIndex,
  type VectorMetric,
} from '@assay/core'
import type { MatrixFile } from '@assay/store'
import type { ResidentTensor, WorkerTask } from '@assay/tensor'
import { namedResults } from '../contract/row-names.js'
import { assertNeighbours, queryRadii, queryValues } from '../contract/search-arguments.js'
import type { SearchTaskMethods } from '../search-task/search-task.js'

/** What an exact index consists of. */
export interface ExactIndexParts {
  readonly vectors: Matrix | MatrixFile
  readonly metric: VectorMetric
  readonly task: WorkerTask<SearchTaskMethods>
  /** The vectors in the worker, which the index frees; null where they are streamed. */
  readonly resident: ResidentTensor | null
}

/** The caller's end of an exact search: checks, posts and names results. */
export class ExactIndex implements VectorIndex {
  readonly specificationVersion = 1
  readonly id = 'exact'
  readonly exact = true
  readonly metric: VectorMetric
  readonly size: number
  readonly dimensions: number
  readonly fingerprint: string | null
  readonly #ids: readonly string[] | null
  readonly #task: WorkerTask<SearchTaskMethods>
  readonly #resident: ResidentTensor | null
  #closed = false

  constructor({ vectors, metric, task, resident }: ExactIndexParts) {
    this.metric = metric
    this.size = vectors.rows
    this.dimensions = vectors.columns
    this.fingerprint = vectors.fingerprint
    this.#ids = vectors.ids
    this.#task = task
    this.#resident = resident
  }

  async nearest(
    queries: Matrix,
    { k, signal }: Parameters<VectorIndex['nearest']>[1],
  ): Promise<readonly (readonly Neighbour[])[]> {
    assertNeighbours(k)
    const values = this.#checked(queries)
    const transfer = [values.buffer]
    const argument = { queries: values, k }
    return namedResults(await this.#task.call('nearest', argument, { transfer, signal }), this.#ids)
  }

  async within(
    queries: Matrix,
    { radius, signal }: Parameters<VectorIndex['within']>[1],
  ): Promise<readonly (readonly Neighbour[])[]> {
    const radii = queryRadii(radius, queries.rows)
    const values = this.#checked(queries)
    const transfer = [values.buffer]
    const argument = { queries: values, radii }
    return namedResults(await this.#task.call('within', argument, { transfer, signal }), this.#ids)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#task.close()
    await this.#resident?.release()
  }

  /** The values of the queries, in memory of their own that can move to the worker. */
  #checked(queries: Matrix): Float32Array<ArrayBuffer> {
    if (this.#closed) {
      throw new AssayError({
        code: 'ENGINE_CLOSED',
        message: 'The index is closed.',
        remedy: 'Search before close(), or make a new index.',
      })
    }
    return queryValues(this, queries)
  }
}

import type { ApproximateIndex } from './approximate-index.js'
import { faissSettings } from './faiss-factory.js'
import { LibraryIndex } from './library-index.js'
import { addVectors, type LibraryIndexOptions, loadVectors } from './load-vectors.js'

/** What a faiss index is made from. */
export interface FaissIndexOptions extends LibraryIndexOptions {
  /**
   * What faiss builds: `HNSW32` (default), `Flat`, `SQ8`, `SQfp16`, `PQ16np`, or one of the last four
   * behind `IVF256,`, with other numbers too. An IVF looks into one cell only: faiss-node cannot set more.
   * Without `np` a product quantizer is trained for a use that does not arise here, for many seconds.
   */
  readonly factory?: string
}

/**
 * An index over faiss-node 0.5.1, an optional package, in a process of its own. faiss names candidates;
 * their scores and order are exact. Training happens by itself, from rows spread over the matrix.
 *
 * faiss has no search by radius here: `within` asks for ever more candidates until half of them lie
 * outside of the radius, and compares all rows where faiss can name no more, as an IVF mostly does.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where faiss-node or its binary is missing, with what to do;
 *   `ENGINE_FAILED` where its process ends; `INVALID_ARGUMENT` for a factory string that is not allowed
 *   or does not fit the vectors; `NOT_FINITE`, `ZERO_VECTOR` (cosine) with the id of the row;
 *   `FILE_READ_FAILED`, `ABORTED`
 */
export async function createFaissIndex(options: FaissIndexOptions): Promise<ApproximateIndex> {
  const { vectors, metric, factory = 'HNSW32' } = options
  const settings = faissSettings(factory, vectors)
  const { library, recall } = await loadVectors(options, settings, async (started) => {
    await addVectors(started, options)
    return null
  })
  return new LibraryIndex({ name: `faiss ${factory}`, vectors, metric, library, recall })
}

import { AssayError, type Matrix, type VectorIndex, type VectorMetric } from '@assay/core'
import type { MatrixFile } from '@assay/store'
import type { NodeEngine, ResidentTensor, WorkerTask } from '@assay/tensor'
import { decidingIds, withRowId } from '../contract/row-names.js'
import type { SearchTaskArgument, SearchTaskMethods } from '../search-task/search-task.js'
import { ExactIndex } from './exact-index.js'
import { pruningOf, type RadiusSearchOptions } from './radius-search-options.js'
import { taskUrl } from './task-url.js'

/** What an exact index is made from. */
export interface ExactIndexOptions {
  /** The vectors to search: at most 2^32 rows. */
  readonly vectors: Matrix | MatrixFile
  readonly metric: VectorMetric
  /** Where the search runs: a worker of this engine, with all of its threads. Stays open. */
  readonly engine: NodeEngine
  /**
   * Whether a matrix gives up its memory to the index instead of being copied; its `data` are empty
   * afterwards. Default false. Without effect on a file.
   */
  readonly transfer?: boolean
  /**
   * Whether a matrix file stays on disk and is read anew by every search, for matrices larger than
   * memory. It must hold float32 as it stands (`region` is not null). Default false: it is loaded.
   */
  readonly stream?: boolean
  /** Rows scored at a time; the results do not depend on it. Default: what fits a core's cache. */
  readonly blockRows?: number
  /** How `within` searches vectors in memory. No result depends on it, only time and memory. */
  readonly radiusSearch?: RadiusSearchOptions
  /** Ends the making of the index. */
  readonly signal?: AbortSignal
}

/**
 * An index whose results equal those of a brute-force search in float64 over the float32 vectors: the
 * graph's float32 estimates only rule out what cannot be a result, with a bound on their error; what is
 * left is computed again in float64. Ties are in the order of ids (by code units), or of row numbers
 * where there are no ids. Results depend neither on threads nor on block sizes.
 *
 * Cosine has no value for a row of zeros: it is an error here, for a query at search.
 *
 * @throws AssayError `NOT_FINITE`, `ZERO_VECTOR` (cosine) with the id of the row; `INVALID_ARGUMENT`;
 *   `UNSUPPORTED_FORMAT` for a file that cannot be streamed; `FILE_MISSING`, `FILE_READ_FAILED`;
 *   `ENGINE_CLOSED`, `ENGINE_FAILED`, `ABORTED`
 */
export async function createExactIndex(options: ExactIndexOptions): Promise<VectorIndex> {
  const { vectors, metric } = options
  assertOptions(options)
  pruningOf(options)
  const resident = options.stream && !('data' in vectors) ? null : await place(options)
  try {
    const task = await startTask(options, resident)
    return new ExactIndex({ vectors, metric, task, resident })
  } catch (error) {
    await resident?.release()
    throw withRowId(error, vectors)
  }
}

const largestRowCount = 2 ** 32

function assertOptions({ vectors, blockRows = 1 }: ExactIndexOptions): void {
  if (vectors.rows > largestRowCount) {
    throw new AssayError({
      code: 'LIMIT_EXCEEDED',
      message: `An index holds at most ${largestRowCount} rows, not ${vectors.rows}.`,
      value: vectors.rows,
      remedy: 'Split the matrix and search the parts.',
    })
  }
  if (Number.isSafeInteger(blockRows) && blockRows >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A block cannot have ${blockRows} rows.`,
    value: blockRows,
    remedy: 'Give a whole number from 1, or leave blockRows out.',
  })
}

/** Brings the vectors into a worker; rows of a float32 file are read there. */
async function place(options: ExactIndexOptions): Promise<ResidentTensor> {
  const { vectors, engine, transfer = false, signal } = options
  const { rows, columns } = vectors
  const settings = { transfer, ...(signal && { signal }) }
  const shape = { type: 'float32', dims: [rows, columns] } as const
  if ('data' in vectors) return engine.place({ ...shape, data: vectors.data }, settings)
  if (vectors.region) {
    const { path, offset } = vectors.region
    return engine.place({ ...shape, path, offset }, settings)
  }
  const { data } = await vectors.read()
  return engine.place({ ...shape, data }, { ...settings, transfer: true })
}

async function startTask(
  options: ExactIndexOptions,
  resident: ResidentTensor | null,
): Promise<WorkerTask<SearchTaskMethods>> {
  const { vectors, metric, engine, blockRows = null, signal } = options
  const { rows, columns, ids } = vectors
  const argument: SearchTaskArgument = {
    metric,
    rows,
    columns,
    vectors: resident ? resident.handle : streamed(vectors as MatrixFile),
    ids: decidingIds(ids),
    blockRows,
    pruning: pruningOf(options),
  }
  return engine.startTask<SearchTaskMethods>(taskUrl(), {
    argument,
    ...(resident && { beside: resident }),
    ...(signal && { signal }),
  })
}

function streamed({
  path,
  region,
  rows,
  columns,
  type,
}: MatrixFile): SearchTaskArgument['vectors'] {
  if (region) return { path: region.path, offset: region.offset, rows, columns }
  throw new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${path} does not hold plain float32 rows (its values are ${type}) and cannot be streamed.`,
    value: path,
    remedy: 'Load it (stream: false), or write it again with writeMatrixFile.',
    location: { file: path },
  })
}

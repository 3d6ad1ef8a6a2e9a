import { availableParallelism } from 'node:os'
import {
  AssayError,
  type Matrix,
  type Measure,
  type Progress,
  type VectorIndex,
  type VectorMetric,
} from '@assay/core'
import type { MatrixFile } from '@assay/store'
import { decidingIds, namedResults, withRowId } from '../contract/row-names.js'
import { queryValues } from '../contract/search-arguments.js'
import { abortedError, LibraryProcess } from '../host/library-process.js'
import type { LibrarySettings } from '../host/library-protocol.js'
import { measureRecall } from './measure-recall.js'

/** How the recall of a new index is measured. */
export interface RecallOptions {
  /** Queries of the kind that will be asked: some hundred that are not in the index. */
  readonly queries: Matrix
  /** How many neighbours, from 1. */
  readonly k: number
  /**
   * An exact index over the same vectors. Default: every query is compared with all rows in the
   * library's process, which takes as long as a plain scan for each.
   */
  readonly exact?: VectorIndex
}

/** What every index over a library is made from. */
export interface LibraryIndexOptions {
  /**
   * The vectors to search. A matrix is copied into the library's process, where scores are computed
   * from it; a float32 file is read where it lies.
   */
  readonly vectors: Matrix | MatrixFile
  readonly metric: VectorMetric
  /**
   * Threads of the library. Default: the cores this process may use. With more than one, usearch and the
   * graphs of faiss come out a little different each time.
   */
  readonly threads?: number
  /**
   * Candidates that the library is asked for, as a multiple of the wanted neighbours, from 1; exact
   * scores choose among them. Default 2.
   */
  readonly oversampling?: number
  /** Measures the recall once the index is made. Default: it is not measured, and `recall` says so. */
  readonly measureRecall?: RecallOptions
  /** Told how many vectors the library has taken in. */
  readonly progress?: Progress
  /** Ends the making of the index. */
  readonly signal?: AbortSignal
}

/** A library's process with vectors in it. */
export interface LoadedLibrary {
  readonly library: LibraryProcess
  readonly recall: Measure
}

const bytesAtOnce = 8 * 2 ** 20

/**
 * Starts a library's process, brings the vectors in and, with `fill`, hands them to the library.
 *
 * @throws AssayError as `createUsearchIndex` and `createFaissIndex` say
 */
export async function loadVectors(
  options: LibraryIndexOptions,
  settings: LibrarySettings,
  fill: (library: LibraryProcess) => Promise<Measure | null>,
): Promise<LoadedLibrary> {
  const { vectors, metric, threads = availableParallelism(), oversampling = 2, signal } = options
  assertOptions(threads, oversampling)
  const library = new LibraryProcess(settings.name, threads)
  const { rows, columns } = vectors
  const file = 'data' in vectors || !vectors.region ? null : { ...vectors.region, rows, columns }
  const ids = decidingIds(vectors.ids)
  try {
    const argument = { library: settings, metric, rows, columns, ids, file, threads, oversampling }
    await library.ask('open', argument, signal)
    if (!file) await putRows(library, vectors, signal)
    const known = await fill(library)
    const recall = (await measured(options, library)) ?? known ?? notMeasured
    if (signal?.aborted) throw abortedError(signal)
    return { library, recall }
  } catch (error) {
    library.close()
    throw withRowId(error, vectors)
  }
}

/** Hands all rows to the library, in blocks. */
export async function addVectors(
  library: LibraryProcess,
  { vectors, progress, signal }: LibraryIndexOptions,
): Promise<void> {
  const { rows } = vectors
  if (rows > 0) await library.ask('train', null, signal)
  const step = blockRows(vectors)
  for (let start = 0; start < rows; start += step) {
    const count = Math.min(step, rows - start)
    await library.ask('add', { start, count }, signal)
    progress?.({ task: 'index vectors', done: start + count, total: rows })
  }
}

/** Libraries take in far fewer rows a second than can be read. */
const blockRows = ({ columns }: Pick<Matrix, 'columns'>) =>
  Math.max(1, Math.min(4096, Math.floor(bytesAtOnce / (4 * columns))))

async function putRows(
  library: LibraryProcess,
  vectors: Matrix | MatrixFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  let start = 0
  for await (const { rows, data } of blocks(vectors)) {
    await library.ask('put', { start, data }, signal)
    start += rows
  }
}

async function* blocks(vectors: Matrix | MatrixFile): AsyncIterable<Pick<Matrix, 'rows' | 'data'>> {
  if (!('data' in vectors)) {
    yield* vectors.blocks()
    return
  }
  const { rows, columns, data } = vectors
  const step = Math.max(1, Math.floor(bytesAtOnce / (4 * columns)))
  for (let start = 0; start < rows; start += step) {
    const end = Math.min(start + step, rows)
    yield { rows: end - start, data: data.subarray(start * columns, end * columns) }
  }
}

const notMeasured: Measure = {
  id: 'recall',
  value: null,
  unit: 'share',
  n: 0,
  missing: 0,
  interval: null,
  reason: 'not measured: pass measureRecall when the index is made',
}

async function measured(
  { vectors, metric, measureRecall: wanted, signal }: LibraryIndexOptions,
  library: LibraryProcess,
): Promise<Measure | null> {
  if (!wanted) return null
  const { columns: dimensions, fingerprint, ids } = vectors
  const search = (exactly: boolean): Pick<VectorIndex, 'nearest'> => ({
    async nearest(queries, { k }) {
      const values = queryValues({ metric, dimensions, fingerprint }, queries)
      const argument = { queries: values, k, exactly }
      return namedResults(await library.ask('nearest', argument, signal), ids)
    },
  })
  const { queries, k, exact = search(true) } = wanted
  return measureRecall({
    index: { metric, nearest: search(false).nearest },
    exact,
    queries,
    k,
    ...(signal && { signal }),
  })
}

function assertOptions(threads: number, oversampling: number): void {
  const valid = Number.isSafeInteger(threads) && threads >= 1 && oversampling >= 1
  if (valid && Number.isFinite(oversampling)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `An index cannot have ${threads} threads and an oversampling of ${oversampling}.`,
    value: { threads, oversampling },
    remedy: 'Give a whole number of threads and an oversampling, each from 1.',
  })
}

import { AssayError, createMatrix, type Matrix, type VectorIndex } from '@assay/core'
import { assertRunning } from './assert-running.js'
import type { Projection } from './projection.js'
import { distanceBelow } from './references-in-memory.js'
import { roundingSlack } from './rounding-slack.js'
import type { NearReference, ShieldReferences } from './shield-references.js'

/** References that are read as they are needed. */
interface ReadReferencesOptions {
  /** Takes each row once, in any order. The vector may be written over as soon as this returns. */
  readonly visit: (row: number, vector: Float32Array) => void
  readonly signal?: AbortSignal | undefined
}

/** Reads references by their rows, which ascend and are distinct. What `visit` throws ends it. */
export type ReadReferences = (rows: Uint32Array, options: ReadReferencesOptions) => Promise<void>

/** References that an index finds. */
export interface ReferencesInIndexOptions {
  /** By Euclidean distance, of the references or of their projections, rounded to float32. */
  readonly index: VectorIndex
  /** The references themselves, row for row: in memory, or read as they are needed. */
  readonly vectors: Matrix | ReadReferences
  /** How references were projected for the index. Default: they were not. */
  readonly projection?: Projection
  /**
   * Whether an index may be used that is not exact: it may miss references, and pictures may then end
   * within a shield. Default: no.
   */
  readonly allowApproximate?: boolean
  /** Numbers of all vectors that one search may find. Default: 2^28, a gigabyte in float32. */
  readonly mostNumbers?: number
}

/**
 * References that an index finds: it names those that may be near, and each is then compared by direct
 * differences in float64. None is missed: the index is asked for a radius that allows for all rounding on
 * the way, and projections never lie farther apart than what they are of.
 *
 * The index stays its owner's to close.
 *
 * @throws AssayError `INVALID_ARGUMENT` (another metric, an index that is not exact), `SHAPE_MISMATCH`
 *   (index, projection and vectors that do not fit); from `within` `SHAPE_MISMATCH`, `LIMIT_EXCEEDED` (a
 *   radius that takes in more than may be held), and what the index and reading throw
 */
export function referencesInIndex(options: ReferencesInIndexOptions): ShieldReferences {
  const { index, vectors, projection = null, mostNumbers = 2 ** 28 } = options
  assertIndex(options)
  const columns = projection?.columns ?? index.dimensions
  const [read, keep] = typeof vectors === 'function' ? [vectors, copy] : [rowsOf(vectors), itself]
  return {
    size: index.size,
    dimensions: columns,
    fingerprint: typeof vectors === 'function' ? index.fingerprint : vectors.fingerprint,
    async within(points, { radius, signal }) {
      const near = new NearReferences(points, { radius, mostNumbers, keep })
      // The comparison is strict: nothing is nearer than 0.
      if (points.length === 0 || radius <= 0) return near.lists
      assertPoints(points, columns)
      const candidates = await findCandidates(points, { index, projection, radius, signal })
      const rows = Uint32Array.from(candidates.keys()).sort()
      assertRunning(signal)
      const visit = (row: number, vector: Float32Array) =>
        near.compare(row, vector, candidates.get(row) ?? [])
      await read(rows, { visit, signal })
      return near.inOrder()
    },
  }
}

interface CandidateSearch {
  readonly index: VectorIndex
  readonly projection: Projection | null
  readonly radius: number
  readonly signal: AbortSignal | undefined
}

/** The points that each reference may be near to, by its row. */
async function findCandidates(
  points: readonly Float64Array[],
  { index, projection, radius, signal }: CandidateSearch,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const { dimensions } = index
  const data = new Float32Array(points.length * dimensions)
  let slack = 0
  for (const [at, point] of points.entries()) {
    data.set(projection ? projection.project(point) : point, at * dimensions)
    slack = Math.max(slack, roundingSlack(finiteLength(point), radius, point.length))
  }
  const queries = createMatrix({ data, columns: dimensions })
  const found = await index.within(queries, { radius: radius + slack, ...(signal && { signal }) })
  const candidates = new Map<number, number[]>()
  for (const [point, neighbours] of found.entries()) {
    for (const { row } of neighbours) {
      const known = candidates.get(row)
      if (known) known.push(point)
      else candidates.set(row, [point])
    }
  }
  return candidates
}

interface NearReferencesOptions {
  readonly radius: number
  readonly mostNumbers: number
  /** Makes of a vector one that lasts. */
  readonly keep: (vector: Float32Array) => Float32Array
}

/** What is near to each of some points, as far as it has been compared. */
class NearReferences {
  readonly lists: NearReference[][]
  readonly #points: readonly Float64Array[]
  readonly #options: NearReferencesOptions
  #numbers = 0

  constructor(points: readonly Float64Array[], options: NearReferencesOptions) {
    this.lists = points.map(() => [])
    this.#points = points
    this.#options = options
  }

  /** Compares a reference with some of the points. */
  compare(row: number, vector: Float32Array, points: readonly number[]): void {
    const { radius, mostNumbers, keep } = this.#options
    let kept: Float32Array | null = null
    for (const point of points) {
      const distance = distanceBelow(this.#points[point]!, vector, radius)
      if (distance === null) continue
      kept ??= keep(vector)
      this.lists[point]!.push({ row, distance, vector: kept })
    }
    if (kept) this.#numbers += kept.length
    if (this.#numbers > mostNumbers) throw tooMany(radius, mostNumbers)
  }

  inOrder(): readonly (readonly NearReference[])[] {
    for (const list of this.lists) list.sort((a, b) => a.row - b.row)
    return this.lists
  }
}

const copy = (vector: Float32Array) => vector.slice()
const itself = (vector: Float32Array) => vector

const rowsOf =
  ({ data, columns }: Matrix): ReadReferences =>
  async (rows, { visit }) => {
    for (const row of rows) visit(row, data.subarray(row * columns, (row + 1) * columns))
  }

function finiteLength(point: Float64Array): number {
  let sum = 0
  for (let at = 0; at < point.length; at += 1) sum += point[at]! ** 2
  if (Number.isFinite(sum)) return Math.sqrt(sum)
  throw new AssayError({
    code: 'NOT_FINITE',
    message: 'A prediction holds a NaN, an infinity, or numbers whose squares are infinite.',
    value: point.find((value) => !Number.isFinite(value)) ?? sum,
    remedy: 'Look at what the sampler and its model give at this step.',
  })
}

function assertIndex(options: ReferencesInIndexOptions): void {
  const { index, vectors, projection, allowApproximate = false } = options
  if (index.metric !== 'euclidean') {
    throw invalid(
      `An index by ${index.metric} cannot find references`,
      index.metric,
      'Make it with the metric `euclidean`.',
    )
  }
  if (!index.exact && !allowApproximate) {
    throw invalid(
      `The index ${index.id} may miss references`,
      index.id,
      'Use an exact index, or set `allowApproximate` and do without the guarantee.',
    )
  }
  const indexed = projection?.dimensions ?? index.dimensions
  if (indexed !== index.dimensions) throw mismatch('projections', indexed, index.dimensions)
  if (typeof vectors === 'function') return
  const columns = projection?.columns ?? index.dimensions
  if (vectors.columns !== columns) throw mismatch('vectors', vectors.columns, columns)
  if (vectors.rows !== index.size) throw mismatch('rows', vectors.rows, index.size)
}

function assertPoints(points: readonly Float64Array[], columns: number): void {
  const other = points.find(({ length }) => length !== columns)
  if (other) throw mismatch('numbers of a prediction', other.length, columns)
}

const invalid = (what: string, value: unknown, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message: `${what}.`, value, remedy })

const mismatch = (what: string, found: number, wanted: number) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${found} ${what} where ${wanted} belong to the references.`,
    value: found,
    remedy: 'Index the projections of the same rows, and give predictions of their shape.',
  })

const tooMany = (radius: number, most: number) =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `References of more than ${most} numbers in all lie within ${radius}.`,
    value: radius,
    remedy: 'Choose a smaller radius, or raise `mostNumbers` if the memory allows it.',
  })

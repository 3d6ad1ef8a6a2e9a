import { AssayError, type Matrix, type Neighbour, selectRows, type VectorIndex } from '@assay/core'
import { influenceThreshold } from '../influence/influence-threshold.js'
import { influenceWeight } from '../influence/influence-weight.js'
import { type Candidates, type InfluenceForm, mostCandidates } from './candidates.js'

/** What an index is searched for. */
export interface SearchCandidatesOptions {
  /** Mapped queries, of unit length. */
  readonly queries: Matrix
  /** Index of the pool, and of its mirrored pictures where there is one. */
  readonly views: readonly [VectorIndex, ...VectorIndex[]]
  readonly k: number
  readonly form: InfluenceForm | null
  /** Neighbours that are asked for in one search, all queries together. No result depends on it. */
  readonly mostAtOnce?: number
  readonly signal?: AbortSignal | undefined
}

/** Neighbours asked for at first. Beyond the best of them little has influence, most of the time. */
const firstCount = 16
/** Room for the rounding of a threshold: what lies on it is decided by its weight. */
const slack = 1e-9
/** How much larger a part may be than the one before. */
const growth = 8

/**
 * Candidates from an index: the nearest of each query, and where the last of them still has influence,
 * all pictures down to the score at which influence ends, which the best one tells. Nothing below can
 * have any, so that the sum of all influence is exact where the index is.
 */
export async function searchCandidates(options: SearchCandidatesOptions): Promise<Candidates[]> {
  const { queries, views, k, form, mostAtOnce = mostCandidates } = options
  const { size } = views[0]
  // A bias of at least 0 leaves influence to every picture.
  const all = form !== null && form.bias >= 0
  const count = all ? size : Math.min(form ? Math.max(k, firstCount) : k, size)
  const results: Candidates[] = []
  const incomplete: Incomplete[] = []
  const rows = Array.from({ length: queries.rows }, (_, row) => row)
  for (const part of inParts(rows, Math.max(1, Math.floor(mostAtOnce / count)))) {
    const lists = await nearestInViews(part, count, options)
    for (const [at, row] of part.entries()) {
      const found = lists.map((list) => list[at] ?? [])
      const threshold = openThreshold(found, { count, size, form })
      if (threshold === null) results[row] = candidatesOf(found)
      else incomplete.push({ row, found, threshold })
    }
  }
  for await (const { row, found } of withinThresholds(incomplete, options)) {
    results[row] = candidatesOf(found)
  }
  return results
}

/** A query whose influence reaches beyond the neighbours found so far. */
interface Incomplete {
  readonly row: number
  readonly found: readonly (readonly Neighbour[])[]
  /** The score above which there is influence. */
  readonly threshold: number
}

/**
 * Everything above each threshold, in parts as large as what was found before allows: how many pictures
 * have influence is not known beforehand.
 */
async function* withinThresholds(
  incomplete: readonly Incomplete[],
  { queries, views, mostAtOnce = mostCandidates, signal }: SearchCandidatesOptions,
): AsyncIterable<Omit<Incomplete, 'threshold'>> {
  const { size } = views[0]
  let most = size
  for (let start = 0, length = 0; start < incomplete.length; start += length) {
    const affordable = Math.max(1, Math.floor(mostAtOnce / most))
    length = start === 0 ? affordable : Math.min(affordable, length * growth)
    const part = incomplete.slice(start, start + length)
    const asked = selectRows(
      queries,
      part.map(({ row }) => row),
    )
    const radius = part.map(({ threshold }) => threshold)
    const lists: (readonly (readonly Neighbour[])[])[] = []
    for (const view of views) {
      lists.push(await view.within(asked, { radius, ...(signal && { signal }) }))
    }
    most = lists.flat().reduce((longest, list) => Math.max(longest, 2 * list.length), 1)
    for (const [at, { row, found }] of part.entries()) {
      yield { row, found: [...found, ...lists.map((list) => list[at] ?? [])] }
    }
  }
}

function* inParts(rows: readonly number[], size: number): Iterable<readonly number[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}

async function nearestInViews(
  rows: readonly number[],
  k: number,
  { queries, views, signal }: SearchCandidatesOptions,
): Promise<(readonly (readonly Neighbour[])[])[]> {
  const asked = selectRows(queries, rows)
  const lists: (readonly (readonly Neighbour[])[])[] = []
  for (const view of views) lists.push(await view.nearest(asked, { k, ...(signal && { signal }) }))
  return lists
}

interface Extent {
  /** Neighbours asked for. */
  readonly count: number
  readonly size: number
  readonly form: InfluenceForm | null
}

/** The score above which pictures have influence, or null where none but those found can have any. */
function openThreshold(
  views: readonly (readonly Neighbour[])[],
  { count, size, form }: Extent,
): number | null {
  if (form === null || count >= size) return null
  const best = Math.max(...views.map((found) => found[0]?.score ?? Number.NEGATIVE_INFINITY))
  const isComplete = views.every((found) => {
    const last = found.at(-1)
    // An approximate index may have no more to give.
    return found.length < count || !last || influenceWeight(last.score, best, form) === 0
  })
  return isComplete ? null : influenceThreshold(best, form) - slack
}

/** What was found in one view or more, each picture with the larger of its scores. */
function candidatesOf(views: readonly (readonly Neighbour[])[]): Candidates {
  const best = new Map<number, Neighbour>()
  for (const neighbour of views.flat()) {
    assertCosine(neighbour)
    const known = best.get(neighbour.row)
    if (!known || neighbour.score > known.score) best.set(neighbour.row, neighbour)
  }
  const found = [...best.values()]
  return {
    rows: found.map(({ row }) => row),
    scores: Float64Array.from(found, ({ score }) => score),
    idOf: (place) => found[place]!.id,
  }
}

/** Unit vectors in float32 may be that much too long. */
const longest = 1.001

function assertCosine({ id, row, score }: Neighbour): void {
  if (Math.abs(score) <= longest) return
  throw new AssayError({
    code: 'NORMALIZATION_MISMATCH',
    message: `The score of ${JSON.stringify(id)} is ${score}, which is no cosine: the index holds vectors that are not of unit length.`,
    value: score,
    remedy: 'Map the pool with applyHead, or normalise it, before you index it.',
    location: { row, id },
  })
}

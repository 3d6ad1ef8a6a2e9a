import { AssayError, type Matrix, type Neighbour, selectRows, type VectorIndex } from '@assay/core'
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

/** Neighbours asked for at first, and how many times as many where influence reaches beyond them. */
const firstCount = 16
const growth = 8

/**
 * Candidates from an index: the nearest, and more and more of them until the last has no influence.
 * Nothing beyond it can have any, so that the sum of all influence is exact where the index is.
 */
export async function searchCandidates(options: SearchCandidatesOptions): Promise<Candidates[]> {
  const { queries, views, k, form, mostAtOnce = mostCandidates } = options
  const { size } = views[0]
  const results: Candidates[] = []
  let open = Array.from({ length: queries.rows }, (_, row) => row)
  let count = Math.min(form ? Math.max(k, firstCount) : k, size)
  // A bias of at least 0 leaves influence to every picture.
  if (form && form.bias >= 0) count = size
  while (open.length > 0) {
    const incomplete: number[] = []
    for (const part of inParts(open, Math.max(1, Math.floor(mostAtOnce / count)))) {
      const lists = await nearestInViews(part, count, options)
      part.forEach((row, at) => {
        const found = lists.map((list) => list[at] ?? [])
        if (isComplete(found, { count, size, form })) results[row] = candidatesOf(found)
        else incomplete.push(row)
      })
    }
    open = incomplete
    count = Math.min(count * growth, size)
  }
  return results
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

/** Whether no picture beyond those found can be among the k best or have influence. */
function isComplete(
  views: readonly (readonly Neighbour[])[],
  { count, size, form }: Extent,
): boolean {
  if (form === null || count >= size) return true
  const best = Math.max(...views.map((found) => found[0]?.score ?? Number.NEGATIVE_INFINITY))
  return views.every((found) => {
    const last = found.at(-1)
    // An approximate index may have no more to give.
    return found.length < count || !last || influenceWeight(last.score, best, form) === 0
  })
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

import type { Finding, Measure, Neighbour } from '@assay/core'
import {
  type AuditPart,
  absentMeasure,
  jackknifedMeasure,
  leaveGroupsOut,
  uncalibratedReason,
} from '@assay/core/measures'
import type { SimilarityInput } from './similarity-input.js'
import { similarityMeta } from './similarity-meta.js'

/** Two outputs that are near-duplicates, by row, the smaller row first. */
interface DuplicatePair {
  readonly rows: readonly [number, number]
  readonly cosine: number
}

/** Searches every output among the other outputs. */
export async function internalDuplicates(input: SimilarityInput): Promise<AuditPart> {
  const { context, threshold, missing } = input
  const { items, embeddings } = context.inputs.outputs
  const index = await context.createIndex(embeddings, 'cosine')
  try {
    const nearest = await index.nearest(embeddings, { k: 2, signal: context.signal })
    const scores = new Map(items.map(({ id }, row) => [id, nearestOther(row, nearest[row] ?? [])]))
    if (threshold === null) {
      return {
        measures: [
          absentMeasure(similarityMeta, {
            id: 'internal-duplicates',
            missing,
            reason: uncalibratedReason,
          }),
        ],
        scores,
      }
    }
    const found = await index.within(embeddings, { radius: threshold, signal: context.signal })
    const pairs = duplicatePairs(found)
    return {
      measures: [duplicateMeasure(input, pairs)],
      findings: duplicateFindings(input, pairs),
      scores,
    }
  } finally {
    await index.close()
  }
}

/** The output most like this one. With exact copies about, this row itself may come second or not at all. */
function nearestOther(row: number, neighbours: readonly Neighbour[]) {
  const other = neighbours.find((neighbour) => neighbour.row !== row)
  return { outputNearest: other?.id ?? null, outputCosine: other?.score ?? null }
}

function duplicatePairs(found: readonly (readonly Neighbour[])[]): DuplicatePair[] {
  return found.flatMap((neighbours, row) =>
    neighbours
      .filter((neighbour) => neighbour.row > row)
      .map((neighbour) => ({ rows: [row, neighbour.row] as const, cosine: neighbour.score })),
  )
}

function duplicateMeasure(input: SimilarityInput, pairs: readonly DuplicatePair[]): Measure {
  const { context, clusters, missing, options } = input
  const random = context.random.fork('internal-duplicates')
  const { kept } = leaveGroupsOut(clusters, { most: options.groups, random })
  return jackknifedMeasure(similarityMeta, {
    id: 'internal-duplicates',
    estimate: repeatedShare(pairs, [...clusters.keys()]),
    leaveOneOut: kept.length < 2 ? [] : kept.map((rows) => repeatedShare(pairs, rows)),
    n: clusters.length,
    missing,
    level: options.level,
    range: [0, 1],
  })
}

/** Share of the kept rows that have a near-duplicate among the kept rows. */
function repeatedShare(pairs: readonly DuplicatePair[], kept: readonly number[]): number {
  const inside = new Set(kept)
  const repeated = pairs.flatMap(({ rows }) => (rows.every((row) => inside.has(row)) ? rows : []))
  return new Set(repeated).size / kept.length
}

function duplicateFindings(
  { context, threshold }: SimilarityInput,
  pairs: readonly DuplicatePair[],
): Finding[] {
  const idOf = (row: number) => context.inputs.outputs.items[row]?.id ?? String(row)
  return [...pairs]
    .sort((a, b) => b.cosine - a.cosine || a.rows[0] - b.rows[0] || a.rows[1] - b.rows[1])
    .map(({ rows, cosine }) => ({
      id: `internal-duplicate:${rows.map(idOf).join(':')}`,
      title: 'Repeats another output',
      severity: 'medium',
      items: rows.map((row) => `outputs/${idOf(row)}`),
      evidence: { cosine, threshold },
    }))
}

import { type AuditContext, type AuditSet, selectRows } from '@assay/core'

/** An output and the picture of a set that it is most like. */
export interface NearestPicture {
  /** Row of the output. */
  readonly output: number
  /** Row of the picture in its set. */
  readonly picture: number
  readonly cosine: number
  /** Cosine of that picture and the nearest other one of its set; null for a set of one. */
  readonly neighbourCosine: number | null
}

/** Finds the nearest picture of a set for every output, exactly, and how near that one's own neighbour is. */
export async function nearestPictures(
  { inputs: { outputs }, createIndex, signal }: AuditContext,
  { embeddings }: AuditSet,
): Promise<readonly NearestPicture[]> {
  const index = await createIndex(embeddings, 'cosine')
  try {
    const found = await index.nearest(outputs.embeddings, { k: 1, signal })
    const nearest = found.flatMap(([first], output) => (first ? [{ output, ...first }] : []))
    // Only of the pictures that were found: the whole set against itself may be far more.
    const rows = [...new Set(nearest.map(({ row }) => row))]
    const around = await index.nearest(selectRows(embeddings, rows), { k: 2, signal })
    const neighbourOf = new Map(
      rows.map((row, at) => [row, around[at]?.find((other) => other.row !== row)?.score ?? null]),
    )
    return nearest.map(({ output, row, score }) => ({
      output,
      picture: row,
      cosine: score,
      neighbourCosine: neighbourOf.get(row) ?? null,
    }))
  } finally {
    await index.close()
  }
}

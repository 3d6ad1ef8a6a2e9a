import { createMatrix, type Matrix } from '@assay/core'
import {
  type Projection,
  referencesInIndex,
  referencesInMemory,
  type ShieldReferences,
} from '@assay/repellency'
import { createExactIndex } from '@assay/vector-index'
import type { CommandSession } from '../command-session.js'

/** So few references are found as fast on the calling thread as by asking an index, or faster (4,320: .6 for 1.0 ms). */
const fewReferences = 20_000

/**
 * References that are searched at every model call: projections rule out what cannot be near, among many
 * references in an exact index, and only the rest is compared.
 *
 * @param projection null where rows are short
 */
export async function searchReferences(
  vectors: Matrix,
  projection: Projection | null,
  { engine, signal, use }: CommandSession,
): Promise<ShieldReferences> {
  if (vectors.rows <= fewReferences) {
    return referencesInMemory(vectors, { ...(projection && { projection }) })
  }
  const projected = projection === null ? vectors : projectedRows(vectors, projection)
  const index = use(
    await createExactIndex({ vectors: projected, metric: 'euclidean', engine, signal }),
  )
  return referencesInIndex({ index, vectors, ...(projection && { projection }) })
}

function projectedRows({ data, rows, columns, fingerprint }: Matrix, projection: Projection) {
  const { dimensions } = projection
  const projected = new Float32Array(rows * dimensions)
  for (let row = 0; row < rows; row += 1) {
    const vector = data.subarray(row * columns, (row + 1) * columns)
    projected.set(projection.project(vector), row * dimensions)
  }
  return createMatrix({ data: projected, columns: dimensions, fingerprint })
}

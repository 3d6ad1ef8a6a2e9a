import { type AttributionHead, collectFeatures, type FeatureSource } from '@assay/attribution'
import { openHead } from '@assay/attribution/train'
import { AssayError, type Matrix, type VectorIndex } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { createExactIndex } from '@assay/vector-index'
import type { CommandSession } from '../command-session.js'

/** Pictures from which on an engine is worth its start. */
const LEAST_ROWS = 20_000
/** Bytes of features that are held in memory; larger pools are read block by block. */
const MOST_BYTES = 4 * 2 ** 30

/**
 * A pool as it is searched fastest: mapped by a head and indexed on the engine where it is large and
 * fits into memory, else as it is. The results are the same.
 */
export async function attributionPool(
  pool: FeatureSource,
  head: AttributionHead | null,
  session: CommandSession,
): Promise<FeatureSource | VectorIndex> {
  const bytes = pool.rows * pool.columns * Float32Array.BYTES_PER_ELEMENT
  if (pool.mirrored || pool.rows < LEAST_ROWS || bytes > MOST_BYTES) return pool
  const { engine, signal, use } = session
  try {
    const vectors = await mapped(await collectFeatures(pool, { signal }), head, session)
    const index = { vectors, metric: 'inner-product', transfer: true } as const
    return use(await createExactIndex({ ...index, engine, signal }))
  } catch (error) {
    // Read block by block, rows without direction are counted instead.
    if (AssayError.isInstance(error) && error.code === 'ZERO_VECTOR') return pool
    throw error
  }
}

async function mapped(
  features: Matrix,
  head: AttributionHead | null,
  { engine, signal }: CommandSession,
): Promise<Matrix> {
  if (head === null) return normalizeRows(features)
  const opened = await openHead({ head, side: 'real', engine, signal })
  try {
    return await opened.map(features, { signal })
  } finally {
    await opened.close()
  }
}

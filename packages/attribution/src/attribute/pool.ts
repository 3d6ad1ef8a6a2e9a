import type { VectorIndex } from '@assay/core'
import type { FeatureSource } from '../features/feature-source.js'

/** Training pictures: their features, or an index of them. */
export type Pool = FeatureSource | VectorIndex

export const isIndex = (pool: Pool): pool is VectorIndex => 'nearest' in pool

/** Pictures in the pool. */
export const sizeOf = (pool: Pool) => (isIndex(pool) ? pool.size : pool.rows)

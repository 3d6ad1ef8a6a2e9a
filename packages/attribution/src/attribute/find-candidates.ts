import { type Matrix, selectRows } from '@assay/core'
import { featureMapping } from '../evaluation/unit-rows.js'
import type { FeatureSource } from '../features/feature-source.js'
import type { AttributeOptions } from './attribute-options.js'
import { type Candidates, mostCandidates } from './candidates.js'
import { isIndex, sizeOf } from './pool.js'
import { searchCandidates } from './search-candidates.js'
import { type StreamedCandidates, streamCandidates } from './stream-candidates.js'

/** The candidates of each mapped query, from an index or by reading the features of the pool. */
export async function findCandidates(
  queries: Matrix,
  options: AttributeOptions,
): Promise<StreamedCandidates> {
  const { pool, mirrored, signal } = options
  if (!isIndex(pool)) return readCandidates(queries, pool, options)
  const form = options.calibration ?? null
  const k = Math.min(options.k ?? 10, sizeOf(pool))
  // That queries and vectors were mapped by the two sides of one head was asserted.
  const unnamed = { ...queries, fingerprint: null }
  const views = mirrored ? ([pool, mirrored] as const) : ([pool] as const)
  const candidates = await searchCandidates({ queries: unnamed, views, k, form, signal })
  return { candidates, zeroRows: 0 }
}

async function readCandidates(
  queries: Matrix,
  pool: FeatureSource,
  options: AttributeOptions,
): Promise<StreamedCandidates> {
  const { head = null, calibration: form = null, progress, signal } = options
  const k = Math.min(options.k ?? 10, pool.rows)
  const mapPool = featureMapping(head, 'real')
  const candidates: Candidates[] = []
  let zeroRows = 0
  // Where every picture has influence, all scores are held: then few queries at a time.
  const atOnce = form && form.bias >= 0 ? Math.ceil(mostCandidates / pool.rows) : queries.rows
  for (let start = 0; start < queries.rows; start += atOnce) {
    const part = rowsFrom(queries, start, atOnce)
    const search = { queries: part, pool, mapPool, k, form, progress, signal }
    const found = await streamCandidates(search)
    candidates.push(...found.candidates)
    zeroRows = found.zeroRows
  }
  return { candidates, zeroRows }
}

function rowsFrom(matrix: Matrix, start: number, count: number): Matrix {
  const length = Math.min(count, matrix.rows - start)
  return selectRows(
    matrix,
    Array.from({ length }, (_, at) => start + at),
  )
}

import { AssayError, assertComparable, type Matrix } from '@assay/core'
import type { MatrixFileOptions } from '@assay/store'
import { openStoredRows, type StoredRows } from './stored-rows.js'

/** One file of several whose rows follow each other. */
export interface Shard {
  readonly path: string
  readonly firstRow: number
  readonly rows: number
}

/** Rows in several files. A file is open only while it is read: there may be thousands. */
export interface ShardedRows extends StoredRows {
  readonly shards: readonly Shard[]
}

/**
 * The rows of several matrix files, one file after the other. They have no ids.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH` (files that
 *   differ), and what `openMatrixFile` throws
 */
export async function openShardedRows(
  paths: readonly string[],
  options: MatrixFileOptions,
): Promise<ShardedRows> {
  const shards: Shard[] = []
  let first: Omit<Matrix, 'data'> | null = null
  let rows = 0
  for (const path of paths) {
    const shard = await openStoredRows(path, options)
    await shard.close()
    first ??= shard
    assertAlike(first, shard, path)
    shards.push({ path, firstRow: rows, rows: shard.rows })
    rows += shard.rows
  }
  const { columns = 1, normalized = false, fingerprint = null } = first ?? {}
  const labels = { columns, ids: null, normalized, fingerprint }

  async function read(start: number, count: number): Promise<Matrix> {
    const data = new Float32Array(count * columns)
    for (const { path, firstRow, rows: length } of shards) {
      const from = Math.max(start, firstRow)
      const end = Math.min(start + count, firstRow + length)
      if (from >= end) continue
      const shard = await openStoredRows(path, { ...options, normalized })
      try {
        const part = await shard.read(from - firstRow, end - from)
        data.set(part.data, (from - start) * columns)
      } finally {
        await shard.close()
      }
    }
    return { ...labels, rows: count, data }
  }
  return { ...labels, rows, shards, metadata: new Map(), read, close: async () => {} }
}

function assertAlike(first: Omit<Matrix, 'data'>, shard: Omit<Matrix, 'data'>, path: string): void {
  assertComparable(first, shard)
  if (first.normalized === shard.normalized) return
  throw new AssayError({
    code: 'NORMALIZATION_MISMATCH',
    message: `${path} holds ${shard.normalized ? 'normalised' : 'raw'} features, the files before it do not.`,
    value: path,
    remedy: 'Embed all pictures in the same way.',
    location: { file: path },
  })
}

import { createMatrix, type Matrix } from '@assay/core'
import type { FeatureSource } from './feature-source.js'

/**
 * All features of a source in memory, in the first view: for training and for sets that fit.
 *
 * @throws AssayError as `blocks` of the source does
 */
export async function collectFeatures(
  source: FeatureSource,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Matrix> {
  const { rows, columns, ids, normalized, fingerprint } = source
  const data = new Float32Array(rows * columns)
  for await (const { firstRow, matrix } of source.blocks(signal ? { signal } : {})) {
    data.set(matrix.data, firstRow * columns)
  }
  return createMatrix({ data, columns, ids, normalized, fingerprint })
}

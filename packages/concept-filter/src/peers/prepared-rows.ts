import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { assertFinite, rowNorms } from '@assay/core/linear-algebra'
import { rowProduct } from '../filter/embedding-products.js'

/** One picture's embedding, as peers look at it. */
export interface EmbeddingRow {
  readonly id: string
  readonly norm: number
  /** Inner product of the raw embedding with a vector. */
  product(vector: Float64Array): number
  /** Cosine of the embedding with a unit vector. */
  cosine(unit: Float64Array): number
}

/**
 * The rows of a matrix, checked against the space that a filter was made for.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `ZERO_VECTOR`, `NOT_FINITE`
 */
export function embeddingRows(
  embeddings: Matrix,
  space: Pick<Matrix, 'columns' | 'fingerprint'>,
): readonly EmbeddingRow[] {
  assertComparable(space, embeddings)
  return Array.from(rowNorms(embeddings), (norm, row) => {
    const product = (vector: Float64Array) =>
      rowProduct(embeddings.data, row * embeddings.columns, vector)
    return {
      id: embeddings.ids?.[row] ?? String(row),
      norm,
      product,
      cosine: (unit) => product(unit) / norm,
    }
  })
}

/** The rows of a peer's weights in float64. @throws AssayError `NOT_FINITE` */
export function weightRows(matrix: Matrix): readonly Float64Array[] {
  assertFinite(matrix)
  const { data, rows, columns } = matrix
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(data.subarray(row * columns, (row + 1) * columns)),
  )
}

/** Checks that a peer's weights have as many entries as they must. @throws AssayError `SHAPE_MISMATCH` */
export function assertCount(id: string, name: string, found: number, expected: number): void {
  if (found === expected) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `The filter "${id}" needs ${expected} ${name}, not ${found}.`,
    value: found,
    remedy: 'Take all weights from one release of the filter.',
  })
}

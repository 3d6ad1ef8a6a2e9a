import { engineProducts } from '@assay/attribution/train'
import { assertComparable, type Matrix } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import type { CommandSession } from '../command-session.js'

/**
 * The cosine of each query with each other row, a row a query, in float64.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `ZERO_VECTOR` with the id
 */
export async function cosines(
  queries: Matrix,
  others: Matrix,
  { engine, signal }: Pick<CommandSession, 'engine' | 'signal'>,
) {
  assertComparable(queries, others)
  const products = await engineProducts(engine)
  try {
    const data = await products.rowProducts(inDouble(queries), inDouble(others), signal)
    return { data, rows: queries.rows, columns: others.rows }
  } finally {
    await products.close()
  }
}

function inDouble(matrix: Matrix) {
  const { data, rows, columns } = normalizeRows(matrix)
  return { data: Float64Array.from(data), rows, columns }
}

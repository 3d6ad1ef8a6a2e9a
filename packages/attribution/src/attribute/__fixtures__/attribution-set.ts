import { createMatrix, createRandom, type Matrix } from '@assay/core'
import { createAttributionHead } from '../../head/create-attribution-head.js'

/** Features of `columns` whole numbers from -2 to 2, so that equal scores are many; no row is zero. */
export function latticeFeatures(options: {
  readonly rows: number
  readonly columns: number
  readonly seed: number
  readonly named?: boolean
}): Matrix {
  const { rows, columns, seed, named = false } = options
  const { integer } = createRandom(seed)
  const data = Float32Array.from({ length: rows * columns }, () => integer(5) - 2)
  for (let row = 0; row < rows; row++) {
    const values = data.subarray(row * columns, (row + 1) * columns)
    if (values.every((value) => value === 0)) values[0] = 1
  }
  // Ids whose order is not that of the rows.
  const ids = named ? Array.from({ length: rows }, (_, row) => `p${(row * 7919) % 10_007}`) : null
  return createMatrix({ data, columns, ids, fingerprint: 'encoder' })
}

/** A head of two random linear maps for features of the space `encoder`. */
export function randomHead(columns: number, seed: number) {
  const { normal } = createRandom(seed)
  const map = () => ({
    form: 'linear' as const,
    columns,
    outputColumns: columns,
    weight: Float64Array.from({ length: columns * columns }, normal),
    bias: Float64Array.from({ length: columns }, () => 0.1 * normal()),
  })
  return createAttributionHead({
    real: map(),
    synthetic: map(),
    expects: { normalized: false, fingerprint: 'encoder' },
  })
}

/** A head of two identity maps: what features are without a head. */
export function identityHead(columns: number) {
  const weight = new Float64Array(columns * columns)
  for (let at = 0; at < columns; at++) weight[at * (columns + 1)] = 1
  const map = () => ({
    form: 'linear' as const,
    columns,
    outputColumns: columns,
    weight,
    bias: new Float64Array(columns),
  })
  return createAttributionHead({
    real: map(),
    synthetic: map(),
    expects: { normalized: false, fingerprint: 'encoder' },
  })
}

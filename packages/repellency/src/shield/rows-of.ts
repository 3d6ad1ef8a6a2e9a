import { AssayError, type Tensor } from '@assay/core'

/**
 * A row of a tensor of float32 or float64, as it lies in memory.
 *
 * @throws AssayError `SHAPE_MISMATCH` for another type: those of float16 are bits, of which no distance tells
 */
export function rowOf({ type, data, dims }: Tensor, row: number): Float32Array | Float64Array {
  if (type !== 'float32' && type !== 'float64') throw otherType(type)
  const columns = data.length / (dims[0] ?? 1)
  return data.subarray(row * columns, (row + 1) * columns)
}

/** The rows of such a tensor, in float64. Throws as {@link rowOf} does. */
export const rowsOf = (tensor: Tensor): readonly Float64Array[] =>
  Array.from({ length: tensor.dims[0] ?? 0 }, (_, row) => new Float64Array(rowOf(tensor, row)))

const otherType = (type: Tensor['type']) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `A shield cannot read states and predictions of ${type}.`,
    value: type,
    remedy: 'Show the hook float32 or float64: of float16, decode it first.',
  })

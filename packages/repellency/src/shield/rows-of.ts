import { AssayError, type Tensor } from '@assay/core'

/**
 * The numbers of a tensor of float32 or float64, as they lie in memory.
 *
 * @throws AssayError `SHAPE_MISMATCH` for another type: those of float16 are bits, of which no distance tells
 */
export function floatsOf({ type, data }: Tensor): Float32Array | Float64Array {
  if (type === 'float32' || type === 'float64') return data
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `States and predictions of ${type} cannot be read.`,
    value: type,
    remedy: 'Show the hook float32 or float64: of float16, decode it first.',
  })
}

/** A row of such a tensor. Throws as {@link floatsOf} does. */
export function rowOf(tensor: Tensor, row: number): Float32Array | Float64Array {
  const data = floatsOf(tensor)
  const columns = data.length / (tensor.dims[0] ?? 1)
  return data.subarray(row * columns, (row + 1) * columns)
}

/** The rows of such a tensor, in float64. Throws as {@link floatsOf} does. */
export const rowsOf = (tensor: Tensor): readonly Float64Array[] =>
  Array.from({ length: tensor.dims[0] ?? 0 }, (_, row) => new Float64Array(rowOf(tensor, row)))

import type { Tensor } from '@assay/core'

/** A row of a tensor of any float type, as it lies in memory. */
export function rowOf({ data, dims }: Tensor, row: number): Float32Array | Float64Array {
  const columns = data.length / (dims[0] ?? 1)
  return data.subarray(row * columns, (row + 1) * columns) as Float32Array
}

/** The rows of a tensor of any float type, in float64. */
export const rowsOf = (tensor: Tensor): readonly Float64Array[] =>
  Array.from({ length: tensor.dims[0] ?? 0 }, (_, row) => new Float64Array(rowOf(tensor, row)))

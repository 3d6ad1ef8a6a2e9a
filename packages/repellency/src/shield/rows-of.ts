import type { Tensor } from '@assay/core'

/** The rows of a tensor of any float type, in float64. */
export function rowsOf({ data, dims }: Tensor): readonly Float64Array[] {
  const rows = dims[0] ?? 0
  const columns = rows === 0 ? 0 : data.length / rows
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(data.subarray(row * columns, (row + 1) * columns) as Float32Array),
  )
}

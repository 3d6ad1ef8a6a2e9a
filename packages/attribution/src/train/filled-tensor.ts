import type { Tensor } from '@assay/core'

/** A tensor whose values a function of their position gives. */
export function filledTensor(
  type: 'float32' | 'float64',
  dims: readonly number[],
  value: (at: number) => number,
): Extract<Tensor, { type: 'float32' | 'float64' }> {
  const values = { length: dims.reduce((product, size) => product * size, 1) }
  return type === 'float64'
    ? { type, dims, data: Float64Array.from(values, (_, at) => value(at)) }
    : { type, dims, data: Float32Array.from(values, (_, at) => value(at)) }
}

/** The identity matrix. */
export const identityTensor = (type: 'float32' | 'float64', size: number) =>
  filledTensor(type, [size, size], (at) => Number(at % (size + 1) === 0))

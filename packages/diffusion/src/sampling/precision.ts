import type { Tensor } from '@assay/core'
import type { FloatArray } from './float-array.js'

/** The element type that a run computes its states in. */
export interface Precision<Values extends FloatArray> {
  readonly type: 'float32' | 'float64'
  create(length: number): Values
  /** The values as a tensor, sharing their memory. */
  tensor(dims: readonly number[], data: Values): Tensor
  /** The tensor's values, or null for another element type. */
  values(tensor: Tensor): Values | null
}

/** Every real run. */
export const float32: Precision<Float32Array> = {
  type: 'float32',
  create: (length) => new Float32Array(length),
  tensor: (dims, data) => ({ type: 'float32', dims, data }),
  values: (tensor) => (tensor.type === 'float32' ? tensor.data : null),
}

/** Comparisons with closed forms. */
export const float64: Precision<Float64Array> = {
  type: 'float64',
  create: (length) => new Float64Array(length),
  tensor: (dims, data) => ({ type: 'float64', dims, data }),
  values: (tensor) => (tensor.type === 'float64' ? tensor.data : null),
}

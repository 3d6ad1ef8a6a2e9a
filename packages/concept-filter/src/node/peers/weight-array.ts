import { AssayError, createMatrix, type Matrix, type Tensor } from '@assay/core'
import { decodeFloat16 } from '@assay/core/formats'

/** Floats of a file with their shape. */
export interface WeightArray {
  /** File, and name within it, for errors. */
  readonly name: string
  readonly dims: readonly number[]
  readonly values: Float32Array | Float64Array
}

/** Floats from a tensor. @throws AssayError `UNSUPPORTED_FORMAT` for whole numbers */
export function weightArray(name: string, tensor: Tensor): WeightArray {
  const { type, dims, data } = tensor
  if (type === 'float16') return { name, dims, values: decodeFloat16(data) }
  if (type === 'float32' || type === 'float64') return { name, dims, values: data }
  throw refused(name, `values of type ${type}, not floats`, type)
}

/** As a matrix, one row a concept, prompt or unit. @throws AssayError `UNSUPPORTED_FORMAT` */
export function asMatrix({ name, dims, values }: WeightArray, fingerprint: string | null): Matrix {
  const [rows, columns] = dims
  if (dims.length !== 2 || rows === undefined || columns === undefined) {
    throw refused(name, `an array of shape (${dims.join(', ')}), not a row a vector`, dims)
  }
  return createMatrix({ data: Float32Array.from(values), rows, columns, fingerprint })
}

/** As a list, whatever lengths of 1 its shape has. @throws AssayError `UNSUPPORTED_FORMAT` */
export function asVector({ name, dims, values }: WeightArray): Float64Array {
  if (dims.filter((length) => length !== 1).length <= 1) return Float64Array.from(values)
  throw refused(name, `an array of shape (${dims.join(', ')}), not a list`, dims)
}

const refused = (name: string, found: string, value: unknown) =>
  new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${name} holds ${found}.`,
    value,
    remedy: 'Name a file with the weights of this filter.',
    location: { file: name },
  })

import type { EngineSession, Tensor } from '@assay/core'
import { decodeFloat16, encodeFloat16 } from '@assay/core/formats'
import { incompatible } from '../folder/model-errors.js'

/** An input or output of a graph. */
export type Specification = EngineSession['inputs'][number]

/** What carries numbers between float32 and a graph's own element types; others are refused. */
export const numberTypes: readonly Tensor['type'][] = [
  'float32',
  'float16',
  'float64',
  'int64',
  'int32',
]

/** Numbers in an element type; whole-number types take the nearest. */
export function numberTensor(
  type: Tensor['type'],
  dims: readonly number[],
  values: Float32Array | readonly number[],
): Tensor {
  switch (type) {
    case 'float16':
      return { type, dims, data: encodeFloat16(values) }
    case 'float64':
      return { type, dims, data: Float64Array.from(values) }
    case 'int64':
      return { type, dims, data: BigInt64Array.from(values, (value) => BigInt(Math.round(value))) }
    case 'int32':
      return { type, dims, data: Int32Array.from(values, Math.round) }
    default:
      return {
        type: 'float32',
        dims,
        data: values instanceof Float32Array ? values : Float32Array.from(values),
      }
  }
}

/** Values of a float tensor in float32, or null for another element type. */
function floatsOf(tensor: Tensor): Float32Array | null {
  switch (tensor.type) {
    case 'float32':
      return tensor.data
    case 'float16':
      return decodeFloat16(tensor.data)
    case 'float64':
      return Float32Array.from(tensor.data)
    default:
      return null
  }
}

/**
 * An output of a run, in float32.
 *
 * @param graph path of the graph, for errors
 * @throws AssayError `MODEL_INCOMPATIBLE` where it is absent or holds no floats
 */
export function outputFloats(
  outputs: Readonly<Record<string, Tensor>>,
  name: string,
  graph: string,
): { readonly dims: readonly number[]; readonly values: Float32Array } {
  const tensor = outputs[name]
  const values = tensor === undefined ? null : floatsOf(tensor)
  if (tensor !== undefined && values !== null) return { dims: tensor.dims, values }
  throw incompatible({
    file: graph,
    message: `${graph} gives ${tensor === undefined ? 'nothing' : tensor.type} as ${name}.`,
    remedy: 'Export the model with floats as outputs.',
  })
}

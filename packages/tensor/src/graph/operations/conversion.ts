import type { ElementType, GraphValue } from '../graph-node.js'
import { singleOutput } from './single-output.js'

/** Type numbers of onnx.proto, `TensorProto.DataType`, for the types that `cast` can give. */
const castTargets = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10, float64: 11 } as const

/**
 * Each element in another type: rounded to nearest between floating types, towards zero to integers,
 * and 0 or 1 from `bool`.
 */
export function cast(a: GraphValue, type: Exclude<ElementType, 'uint8'>): GraphValue {
  return singleOutput({
    operator: 'Cast',
    inputs: [a],
    attributes: { to: { int: castTargets[type] } },
    type,
  })
}

import type { ElementType, GraphValue } from '../graph-node.js'
import { elementTypes } from '../onnx/element-types.js'
import { singleOutput } from './single-output.js'

/**
 * Each element in another type: rounded to nearest between floating types, towards zero to integers,
 * and 0 or 1 from `bool`.
 */
export function cast(a: GraphValue, type: Exclude<ElementType, 'uint8'>): GraphValue {
  return singleOutput({
    operator: 'Cast',
    inputs: [a],
    attributes: { to: { int: elementTypes[type] } },
    type,
  })
}

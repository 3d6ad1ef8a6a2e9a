import { type GraphValue, isFloating } from '../graph-node.js'
import { type Operand, resolveOperands } from '../operand.js'
import { broadcastShapes } from '../shapes.js'
import { singleOutput } from './single-output.js'

function elementwise(name: string, operator: string, operands: readonly [Operand, Operand]) {
  const [a, b] = resolveOperands(name, operands) as [GraphValue, GraphValue]
  return singleOutput({
    operator,
    inputs: [a, b],
    shape: broadcastShapes(name, a.shape, b.shape),
  })
}

/** `a + b`, element by element; sizes of 1 stretch, as in NumPy. */
export const add = (a: Operand, b: Operand): GraphValue => elementwise('add', 'Add', [a, b])

/** `a - b`, element by element; sizes of 1 stretch. */
export const sub = (a: Operand, b: Operand): GraphValue => elementwise('sub', 'Sub', [a, b])

/** `a * b`, element by element; sizes of 1 stretch. */
export const mul = (a: Operand, b: Operand): GraphValue => elementwise('mul', 'Mul', [a, b])

/** `a / b`, element by element; sizes of 1 stretch. Division by zero gives an infinity or NaN. */
export function div(a: Operand, b: Operand): GraphValue {
  return typeof b !== 'number' && isFloating(b) && isOne(a, b)
    ? singleOutput({ operator: 'Reciprocal', inputs: [b] })
    : elementwise('div', 'Div', [a, b])
}

/**
 * Whether a numerator is known to be the number 1. Its quotients are not written as such, because ONNX
 * Runtime 1.30 refuses some graphs in which one is multiplied (onnxruntime#32413: DivMulFusion).
 */
function isOne(numerator: Operand, { graph, type }: GraphValue): boolean {
  if (typeof numerator === 'number') return numerator === 1
  const constant = graph.constants.get(numerator.name)
  const fits = constant?.type === type && numerator.graph === graph
  return fits && constant.dims.length === 0 && constant.data[0] === 1
}

/** The square root of each element; NaN where it is negative. */
export const sqrt = (a: GraphValue): GraphValue => singleOutput({ operator: 'Sqrt', inputs: [a] })

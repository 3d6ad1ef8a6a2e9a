import type { GraphValue } from '../graph-node.js'
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
export const div = (a: Operand, b: Operand): GraphValue => elementwise('div', 'Div', [a, b])

/** The square root of each element; NaN where it is negative. */
export const sqrt = (a: GraphValue): GraphValue => singleOutput({ operator: 'Sqrt', inputs: [a] })

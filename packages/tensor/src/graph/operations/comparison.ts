import { AssayError } from '@assay/core'
import { type GraphValue, isFloating } from '../graph-node.js'
import { type Operand, resolveOperands } from '../operand.js'
import { broadcastShapes } from '../shapes.js'
import { singleOutput } from './single-output.js'

function comparison(name: string, operator: string, operands: readonly [Operand, Operand]) {
  const [left, right] = resolveOperands(name, operands) as [GraphValue, GraphValue]
  return singleOutput({
    operator,
    inputs: [left, right],
    type: 'bool',
    shape: broadcastShapes(name, left.shape, right.shape),
  })
}

/** Whether `a >= b`, element by element, as `bool`; sizes of 1 stretch. False where either is NaN. */
export const greaterOrEqual = (a: Operand, b: Operand): GraphValue =>
  comparison('greaterOrEqual', 'GreaterOrEqual', [a, b])

/** Whether `a < b`, element by element, as `bool`; sizes of 1 stretch. False where either is NaN. */
export const less = (a: Operand, b: Operand): GraphValue => comparison('less', 'Less', [a, b])

/** Whether `a` and `b` are the same, element by element, as `bool`; sizes of 1 stretch. */
export const equal = (a: Operand, b: Operand): GraphValue => comparison('equal', 'Equal', [a, b])

/**
 * `a` where the condition holds and `b` elsewhere; sizes of 1 stretch.
 *
 * @throws AssayError `INVALID_ARGUMENT` where the condition is not `bool`
 */
export function where(condition: GraphValue, a: Operand, b: Operand): GraphValue {
  if (condition.type !== 'bool') {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The condition of where is ${condition.type}, not bool.`,
      value: condition.type,
      remedy: 'Give what a comparison such as greaterOrEqual returns.',
    })
  }
  const [left, right] = resolveOperands('where', [a, b]) as [GraphValue, GraphValue]
  const values = broadcastShapes('where', left.shape, right.shape)
  return singleOutput({
    operator: 'Where',
    inputs: [condition, left, right],
    type: left.type,
    shape: broadcastShapes('where', condition.shape, values),
  })
}

/** Bounds of `clamp`; a side without a bound stays open. */
export interface ClampOptions {
  readonly minimum?: number
  readonly maximum?: number
}

/**
 * Each element moved to the nearest value within the bounds; NaN stays NaN. Its gradient is 1 on the
 * bounds, as within them.
 */
export function clamp(a: GraphValue, { minimum, maximum }: ClampOptions): GraphValue {
  // Without a bound, ONNX takes the largest finite number, and an infinity would become that.
  const open = isFloating(a) ? Infinity : undefined
  const bound = (value: number | undefined) =>
    value === undefined ? null : (resolveOperands('clamp', [a, value])[1] as GraphValue)
  const inputs = [a, bound(minimum ?? (open && -open)), bound(maximum ?? open)] as const
  return singleOutput({ operator: 'Clip', inputs })
}

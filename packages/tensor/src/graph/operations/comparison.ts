import { AssayError } from '@assay/core'
import type { GraphValue } from '../graph-node.js'
import { type Operand, resolveOperands } from '../operand.js'
import { broadcastShapes } from '../shapes.js'
import { singleOutput } from './single-output.js'

/** Whether `a >= b`, element by element, as `bool`; sizes of 1 stretch. False where either is NaN. */
export function greaterOrEqual(a: Operand, b: Operand): GraphValue {
  const [left, right] = resolveOperands('greaterOrEqual', [a, b]) as [GraphValue, GraphValue]
  return singleOutput({
    operator: 'GreaterOrEqual',
    inputs: [left, right],
    type: 'bool',
    shape: broadcastShapes('greaterOrEqual', left.shape, right.shape),
  })
}

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
      remedy: 'Give what greaterOrEqual returns.',
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

/** Each element moved to the nearest value within the bounds; NaN stays NaN. */
export function clamp(a: GraphValue, { minimum, maximum }: ClampOptions): GraphValue {
  const bound = (value: number | undefined) =>
    value === undefined ? null : (resolveOperands('clamp', [a, value])[1] as GraphValue)
  return singleOutput({ operator: 'Clip', inputs: [a, bound(minimum), bound(maximum)] })
}

import type { GraphValue } from '../graph-node.js'
import { resolveOperands } from '../operand.js'
import { expandLike } from './expansion.js'

/** One number throughout the shape of a value, in its type. */
export function constantLike(a: GraphValue, number: number): GraphValue {
  const [, constant] = resolveOperands('constantLike', [a, number]) as [GraphValue, GraphValue]
  return expandLike(constant, a)
}

/** Zeros of a value's type and shape. */
export const zerosLike = (a: GraphValue): GraphValue => constantLike(a, 0)

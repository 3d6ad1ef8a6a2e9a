import type { GraphValue } from '../graph-node.js'
import { resolveAxis } from '../shapes.js'
import { singleOutput } from './single-output.js'

function alongAxis(name: string, operator: string, a: GraphValue, axis: number): GraphValue {
  const along = resolveAxis(name, a, axis)
  return singleOutput({ operator, inputs: [a], attributes: { axis: { int: along } } })
}

/** `exp(a) / sum(exp(a))` along an axis (default: the last), without overflow. */
export const softmax = (a: GraphValue, { axis = -1 }: { axis?: number } = {}): GraphValue =>
  alongAxis('softmax', 'Softmax', a, axis)

/** The logarithm of `softmax` along an axis (default: the last), exact also where it is far below 0. */
export const logSoftmax = (a: GraphValue, { axis = -1 }: { axis?: number } = {}): GraphValue =>
  alongAxis('logSoftmax', 'LogSoftmax', a, axis)

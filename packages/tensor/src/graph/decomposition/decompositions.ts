import type { ElementType, GraphNode, GraphValue } from '../graph-node.js'
import { erf } from './erf.js'
import { logSoftmax, sigmoid, softplus } from './logarithmic.js'

/** How an operator is put together from others, and for which element types that is called for. */
export interface Decomposition {
  readonly types: readonly ElementType[]
  readonly build: (input: GraphValue, attributes: GraphNode['attributes']) => GraphValue
}

/**
 * Operators that ONNX Runtime 1.30 lacks on the CPU or computes too roughly:
 *
 * - Erf and Softplus have no float64 kernel.
 * - Sigmoid is cut off in both types: 0 below -18 in float32, and already twice the true value at -17.
 * - LogSoftmax in float64 gives finite numbers for a row that holds a NaN.
 */
export const decompositions: Readonly<Record<string, Decomposition>> = {
  Erf: { types: ['float64'], build: erf },
  LogSoftmax: {
    types: ['float64'],
    build: (input, { axis }) => logSoftmax(input, axis && 'int' in axis ? axis.int : -1),
  },
  Sigmoid: { types: ['float32', 'float64'], build: sigmoid },
  Softplus: { types: ['float64'], build: softplus },
}

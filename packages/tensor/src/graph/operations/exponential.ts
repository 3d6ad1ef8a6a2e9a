import type { GraphValue } from '../graph-node.js'
import { singleOutput } from './single-output.js'

/** e to the power of each element. */
export const exp = (a: GraphValue): GraphValue => singleOutput({ operator: 'Exp', inputs: [a] })

/** The natural logarithm of each element: minus infinity at 0, NaN where it is negative. */
export const log = (a: GraphValue): GraphValue => singleOutput({ operator: 'Log', inputs: [a] })

/** Each element with the other sign. */
export const neg = (a: GraphValue): GraphValue => singleOutput({ operator: 'Neg', inputs: [a] })

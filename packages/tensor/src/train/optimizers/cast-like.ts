import type { GraphValue } from '../../graph/graph-node.js'
import { cast } from '../../graph/operations/conversion.js'

/** A float64 scalar in the type of a parameter. */
export function castLike(scalar: GraphValue, { type }: GraphValue): GraphValue {
  return type === 'float32' ? cast(scalar, 'float32') : scalar
}

import type { GraphValue } from '../../graph/graph-node.js'
import { cast } from '../../graph/operations/conversion.js'

/** A scalar in the type of a parameter. */
export const castLike = (scalar: GraphValue, { type }: GraphValue): GraphValue =>
  scalar.type === type ? scalar : cast(scalar, type as 'float32' | 'float64')

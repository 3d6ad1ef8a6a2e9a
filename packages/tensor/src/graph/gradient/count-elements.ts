import type { GraphValue } from '../graph-node.js'
import type { Operand } from '../operand.js'
import { mul } from '../operations/arithmetic.js'
import { cast } from '../operations/conversion.js'
import { squeeze } from '../operations/expansion.js'
import { axisSize } from '../sizes.js'

/** How many elements a value has along some axes together, in the value's type. */
export function countElements(value: GraphValue, axes: readonly number[]): Operand {
  const sizes = axes.map((axis) => value.shape[axis])
  const known = sizes.filter((size) => typeof size === 'number')
  if (known.length === sizes.length) return known.reduce((product, size) => product * size, 1)
  const product = axes.map((axis) => axisSize(value, axis)).reduce((a, b) => mul(a, b))
  return cast(squeeze(product, [0]), value.type as 'float32')
}

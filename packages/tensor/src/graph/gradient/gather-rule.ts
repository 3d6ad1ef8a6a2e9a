import type { GraphValue, Shape } from '../graph-node.js'
import { expandLike, unsqueeze } from '../operations/expansion.js'
import { reshape } from '../operations/reshape.js'
import { scatterAdd } from '../operations/scatter.js'
import type { GradientRule } from './gradient-rule.js'
import { axisOf } from './node-settings.js'

/** The number of elements of a shape, or a new name for it. */
function flatSize({ graph, shape }: GraphValue): number | string {
  const known = shape.filter((size) => typeof size === 'number')
  if (known.length === shape.length) return known.reduce((product, size) => product * size, 1)
  return shape.length === 1 ? (shape[0] as string) : graph.newDimension()
}

/** What was gathered goes back to where it came from; what was gathered twice comes back as the sum. */
export const gatherRule: GradientRule = ({ node, inputs: [a, indices], gradient }) => [
  () => {
    const axis = axisOf(node)
    const size = flatSize(indices)
    const flat: Shape = a.shape.with(axis, size)
    const rows = reshape(gradient, { shape: flat })
    const others = flat.flatMap((_, index) => (index === axis ? [] : [index]))
    const places = unsqueeze(reshape(indices, { shape: [size] }), others)
    return scatterAdd(rows, expandLike(places, rows), { axis, like: a })
  },
]

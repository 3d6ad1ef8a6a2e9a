import type { GraphValue, Shape } from '../graph-node.js'
import { integers } from '../operand.js'
import { shapeMismatch } from '../shapes.js'
import { axisSize } from '../sizes.js'
import { concat } from './layout.js'
import { singleOutput } from './single-output.js'

/**
 * The elements of a value, in their order, in another shape. A named size of the result is that of the
 * value's axis of this name; one further name may stand for whatever size is left.
 *
 * @throws AssayError `SHAPE_MISMATCH` where known sizes differ or two names are unknown
 */
export function reshape(a: GraphValue, { shape }: { readonly shape: Shape }): GraphValue {
  const unknown = shape.filter((size) => typeof size === 'string' && !a.shape.includes(size))
  const [before, after] = [countKnown(a.shape), countKnown(shape)]
  const differs = before !== null && after !== null && before !== after
  if (unknown.length > 1 || differs) throw shapeMismatch('reshape', a.shape, shape)
  if (a.shape.join() === shape.join()) return a
  return singleOutput({
    operator: 'Reshape',
    inputs: [a, sizesFor(a, shape)],
    // Without this, ONNX takes a size of 0 for the size that the axis had.
    attributes: { allowzero: { int: Number(unknown.length === 0) } },
    shape,
  })
}

/** The wanted sizes as an int64 vector, with -1 for the one that is left. */
function sizesFor(a: GraphValue, shape: Shape): GraphValue {
  const isTaken = (size: number | string) => typeof size === 'string' && a.shape.includes(size)
  const known = (size: number | string) => (typeof size === 'number' ? size : -1)
  if (!shape.some(isTaken)) return integers(a.graph, shape.map(known))
  const sizes = shape.map((size) =>
    isTaken(size) ? axisSize(a, a.shape.indexOf(size)) : integers(a.graph, [known(size)]),
  )
  return concat(sizes, { axis: 0 })
}

function countKnown(shape: Shape): number | null {
  const known = shape.filter((size) => typeof size === 'number')
  return known.length === shape.length ? known.reduce((product, size) => product * size, 1) : null
}

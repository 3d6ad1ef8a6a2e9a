import { AssayError } from '@assay/core'
import type { GraphValue, Shape } from '../graph-node.js'
import { integers, resolveOperands } from '../operand.js'
import { resolveAxis, shapeMismatch, sizeOf } from '../shapes.js'
import { singleOutput } from './single-output.js'

/**
 * Reorders axes: axis `i` of the result is axis `permutation[i]` of the value. Default: all reversed.
 *
 * @throws AssayError `SHAPE_MISMATCH` where the permutation does not name every axis once
 */
export function transpose(
  a: GraphValue,
  {
    permutation = a.shape.map((_, axis) => axis).reverse(),
  }: { permutation?: readonly number[] } = {},
): GraphValue {
  const axes = permutation.map((axis) => resolveAxis('transpose', a, axis))
  if (axes.length !== a.shape.length || new Set(axes).size !== axes.length) {
    throw shapeMismatch('transpose', a.shape, permutation)
  }
  return singleOutput({
    operator: 'Transpose',
    inputs: [a],
    attributes: { perm: { ints: axes } },
    shape: axes.map((axis) => sizeOf(a, axis)),
  })
}

/** Part of one axis. */
export interface SliceOptions {
  /** The axis; negative ones count from the back. */
  readonly axis: number
  /** First index; negative ones count from the end. Default 0. */
  readonly start?: number
  /** Index after the last; negative ones count from the end. Default: the end. */
  readonly end?: number
}

/** The elements from `start` up to but not including `end` along one axis, as `Array.slice` does. */
export function slice(a: GraphValue, { axis, start = 0, end }: SliceOptions): GraphValue {
  const along = resolveAxis('slice', a, axis)
  const size = sizeOf(a, along)
  const length =
    typeof size === 'number' ? new Array(size).slice(start, end).length : a.graph.newDimension()
  const stop = end ?? Number.MAX_SAFE_INTEGER
  const inputs = [[start], [stop], [along]].map((values) => integers(a.graph, values))
  return singleOutput({
    operator: 'Slice',
    inputs: [a, ...inputs],
    shape: a.shape.with(along, length),
  })
}

/**
 * Values one after the other along an axis.
 *
 * @throws AssayError `EMPTY_INPUT` without values, `SHAPE_MISMATCH` where another axis differs
 */
export function concat(values: readonly GraphValue[], { axis }: { axis: number }): GraphValue {
  const [first, ...others] = values
  if (!first) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'concat was given no values.',
      remedy: 'Give at least one.',
    })
  }
  resolveOperands('concat', values)
  const along = resolveAxis('concat', first, axis)
  const rest = (shape: Shape) => shape.filter((_, index) => index !== along).join()
  const odd = others.find(
    ({ shape }) => shape.length !== first.shape.length || rest(shape) !== rest(first.shape),
  )
  if (odd) throw shapeMismatch('concat', first.shape, odd.shape)
  const sizes = values.map((value) => sizeOf(value, along))
  const known = sizes.filter((size) => typeof size === 'number')
  const length =
    known.length === sizes.length
      ? known.reduce((sum, size) => sum + size, 0)
      : first.graph.newDimension()
  return singleOutput({
    operator: 'Concat',
    inputs: [first, ...others],
    attributes: { axis: { int: along } },
    shape: first.shape.with(along, length),
  })
}

/**
 * The slices of one axis that integer `indices` (int32 or int64) name; the axis is replaced by the
 * axes of the indices. The runtime refuses an index that is out of range.
 */
export function gather(
  a: GraphValue,
  indices: GraphValue,
  { axis = 0 }: { axis?: number } = {},
): GraphValue {
  const along = resolveAxis('gather', a, axis)
  if (indices.type !== 'int64' && indices.type !== 'int32') {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `gather was given indices of type ${indices.type}.`,
      value: indices.type,
      remedy: 'Give int32 or int64 indices.',
    })
  }
  return singleOutput({
    operator: 'Gather',
    inputs: [a, indices],
    attributes: { axis: { int: along } },
    shape: [...a.shape.slice(0, along), ...indices.shape, ...a.shape.slice(along + 1)],
  })
}

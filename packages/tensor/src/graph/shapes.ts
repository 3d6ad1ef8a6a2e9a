import { AssayError } from '@assay/core'
import type { GraphValue, Shape } from './graph-node.js'

/** The error of an operation whose inputs do not go together. */
export function shapeMismatch(operation: string, ...shapes: readonly Shape[]): AssayError {
  const given = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')
  return new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${operation} cannot take ${given}.`,
    value: shapes,
    remedy:
      'Check the shapes; a named size goes only with the same name (or 1 where sizes broadcast).',
  })
}

/**
 * The shape of two values taken together element by element: aligned at the last axis, a size of 1
 * stretches. A named size stands for itself only, so that nothing stretches unseen.
 *
 * @throws AssayError `SHAPE_MISMATCH`
 */
export function broadcastShapes(operation: string, left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length)
  return Array.from({ length: rank }, (_, position) => {
    const a = left[position - rank + left.length] ?? 1
    const b = right[position - rank + right.length] ?? 1
    if (a !== b && a !== 1 && b !== 1) throw shapeMismatch(operation, left, right)
    return a === 1 ? b : a
  })
}

/**
 * An axis counted from the front.
 *
 * @throws AssayError `INVALID_ARGUMENT` where the value has no such axis
 */
export function resolveAxis(operation: string, { shape }: GraphValue, axis: number): number {
  const resolved = axis < 0 ? axis + shape.length : axis
  if (Number.isInteger(axis) && resolved >= 0 && resolved < shape.length) return resolved
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${operation} found no axis ${axis} in [${shape.join(', ')}].`,
    value: axis,
    remedy: `Give an axis from ${-shape.length} to ${shape.length - 1}.`,
  })
}

/** The size of an axis that is known to exist. */
export function sizeOf({ shape }: GraphValue, axis: number): number | string {
  return shape[axis] as number | string
}

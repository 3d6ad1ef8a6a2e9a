import { AssayError } from '@assay/core'
import type { GraphValue } from '../graph-node.js'
import { integers } from '../operand.js'
import { resolveAxis, shapeMismatch, sizeOf } from '../shapes.js'

/** Settings of `topK`. */
export interface TopKOptions {
  /** How many elements to keep; at most the size of the axis. */
  readonly k: number
  /** The axis to look along. Default: the last. */
  readonly axis?: number
  /** Whether the largest are wanted (default) or the smallest. */
  readonly largest?: boolean
}

/** The chosen elements, best first, and their int64 positions along the axis. */
export interface TopK {
  readonly values: GraphValue
  readonly indices: GraphValue
}

/**
 * The `k` largest (or smallest) elements along an axis, in order; of equal ones the first wins.
 *
 * @throws AssayError `INVALID_ARGUMENT` where k is no positive integer, `SHAPE_MISMATCH` where it
 *   exceeds the axis
 */
export function topK(a: GraphValue, { k, axis = -1, largest = true }: TopKOptions): TopK {
  const along = resolveAxis('topK', a, axis)
  const size = sizeOf(a, along)
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `topK cannot keep ${k} elements.`,
      value: k,
      remedy: 'Give a whole number from 1.',
    })
  }
  if (typeof size === 'number' && k > size) throw shapeMismatch('topK', a.shape, [k])
  const shape = a.shape.with(along, k)
  const [values, indices] = a.graph.node({
    operator: 'TopK',
    inputs: [a, integers(a.graph, [k])],
    attributes: { axis: { int: along }, largest: { int: Number(largest) }, sorted: { int: 1 } },
    outputs: [
      { type: a.type, shape },
      { type: 'int64', shape },
    ],
  })
  return { values, indices } as TopK
}

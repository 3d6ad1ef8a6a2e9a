import { AssayError } from '@assay/core'
import type { GraphNode } from '../graph-node.js'

/**
 * The integers of a constant input of an operator, for instance its axes.
 *
 * @throws AssayError `INVALID_ARGUMENT` where they are known only when the graph runs
 */
export function constantIntegers({ operator, inputs }: GraphNode, position: number): number[] {
  const value = inputs[position]
  const constant = value?.graph.constants.get(value.name)
  if (constant?.type === 'int64') return Array.from(constant.data, Number)
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The gradient of ${operator} needs its input ${position} to be an int64 constant.`,
    value: value?.name ?? null,
    remedy: 'Build the operator with the operations of this package.',
  })
}

/**
 * A whole-number attribute of an operator.
 *
 * @throws AssayError `INVALID_ARGUMENT` where the operator lacks it
 */
export function integerAttribute({ operator, attributes }: GraphNode, name: string): number {
  const attribute = attributes[name]
  if (attribute && 'int' in attribute) return attribute.int
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The gradient of ${operator} needs its attribute '${name}'.`,
    value: name,
    remedy: 'Build the operator with the operations of this package.',
  })
}

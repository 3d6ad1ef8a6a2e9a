import { AssayError } from '@assay/core'
import type { GraphNode } from '../graph-node.js'

/**
 * Refuses an operator whose settings its rule does not cover. The operations of this package write no
 * such ones, but `Graph.node` takes any.
 *
 * @throws AssayError `INVALID_ARGUMENT` where the condition does not hold
 */
export function assertCovered(
  { operator, outputs }: GraphNode,
  condition: boolean,
  setting: string,
): asserts condition {
  if (condition) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The gradient of ${operator} ('${outputs[0]?.name}') is not known for its ${setting}.`,
    value: operator,
    remedy: 'Build the operator with the operations of this package.',
  })
}

/** The integers of an input of an operator, for instance its axes, which must be a constant. */
export function constantIntegers(node: GraphNode, position: number): number[] {
  const value = node.inputs[position]
  const constant = value?.graph.constants.get(value.name)
  assertCovered(node, constant?.type === 'int64', `input ${position}`)
  return Array.from(constant.data, Number)
}

/** A whole-number attribute of an operator, which must be there. */
export function integerAttribute(node: GraphNode, name: string): number {
  const attribute = node.attributes[name]
  assertCovered(node, attribute !== undefined && 'int' in attribute, `attribute '${name}'`)
  return attribute.int
}

/** The attribute `axis` of an operator, counted from the front of its first input. */
export function axisOf(node: GraphNode): number {
  const axis = integerAttribute(node, 'axis')
  return axis < 0 ? axis + (node.inputs[0]?.shape.length ?? 0) : axis
}

import type { NodeDescription } from '../graph.js'
import type { ElementType, GraphValue, Shape } from '../graph-node.js'

/** An operator with one output. */
export interface SingleOutput extends Omit<NodeDescription, 'outputs' | 'inputs'> {
  /** The first input, whose graph and, by default, type and shape the output takes. */
  readonly inputs: readonly [GraphValue, ...(GraphValue | null)[]]
  readonly type?: ElementType
  readonly shape?: Shape
}

/** Adds an operator with one output. */
export function singleOutput({ type, shape, ...description }: SingleOutput): GraphValue {
  const [first] = description.inputs
  const outputs = [{ type: type ?? first.type, shape: shape ?? first.shape }]
  const [value] = first.graph.node({ ...description, outputs })
  return value as GraphValue
}

import type { GraphValue } from '../../graph/graph-node.js'
import { squeeze, unsqueeze } from '../../graph/operations/expansion.js'
import { gatherElements } from '../../graph/operations/scatter.js'
import { singleOutput } from '../../graph/operations/single-output.js'
import { axisSize } from '../../graph/sizes.js'

/** The elements of a square matrix whose row and column are the same, as `[rows, 1]`. */
export function diagonal(a: GraphValue): GraphValue {
  const { graph } = a
  const integer = (value: bigint) =>
    graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(value) })
  const numbers = singleOutput({
    operator: 'Range',
    inputs: [integer(0n), squeeze(axisSize(a, 0), [0]), integer(1n)],
    shape: a.shape.slice(0, 1),
  })
  return gatherElements(a, unsqueeze(numbers, [1]), { axis: 1 })
}

import type { Tensor } from '@assay/core'
import type { Graph } from '../graph.js'
import type { GraphNode, GraphValue } from '../graph-node.js'
import { decompositions } from './decompositions.js'

/** Operators with the constants that they use. */
export interface NodesAndConstants {
  readonly nodes: readonly GraphNode[]
  readonly constants: ReadonlyMap<string, Tensor>
}

/**
 * Puts in place of each operator that the runtime lacks the operators that it is made of. A graph keeps
 * its operators whole until it is written, so that its gradients and its reader meet them by name.
 *
 * @param scratch makes an empty graph whose names begin with a prefix
 */
export function decompose(
  { nodes, constants }: NodesAndConstants,
  scratch: (prefix: string) => Graph,
): NodesAndConstants {
  const added = new Map(constants)
  const decomposed = nodes.flatMap((node) => {
    const [input] = node.inputs
    const decomposition = decompositions[node.operator]
    if (!input || !decomposition?.types.includes(input.type)) return [node]
    const parts = scratch(`${node.outputs[0]?.name}/`)
    const result = decomposition.build({ ...input, graph: parts }, node.attributes)
    for (const [name, tensor] of parts.constants) added.set(name, tensor)
    return parts.nodes.map((part) => renameOutput(part, result, node))
  })
  return { nodes: decomposed, constants: added }
}

/** The part that gives the result gives it under the name of the whole. */
function renameOutput(part: GraphNode, result: GraphValue, whole: GraphNode): GraphNode {
  return part.outputs[0]?.name === result.name ? { ...part, outputs: whole.outputs } : part
}

import type { NodesAndConstants } from './decomposition/decompose.js'
import type { GraphNode, GraphValue } from './graph-node.js'

/** The operators and constants that the outputs depend on; the runtime would compute the others too. */
export function prune(
  { nodes, constants }: NodesAndConstants,
  outputs: readonly GraphValue[],
): NodesAndConstants {
  const needed = new Set(outputs.map(({ name }) => name))
  const kept: GraphNode[] = []
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some(({ name }) => needed.has(name))) continue
    for (const input of node.inputs) if (input) needed.add(input.name)
    kept.push(node)
  }
  const keptConstants = [...constants].filter(([name]) => needed.has(name))
  return { nodes: kept.reverse(), constants: new Map(keptConstants) }
}

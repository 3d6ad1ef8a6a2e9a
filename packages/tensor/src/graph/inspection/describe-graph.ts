import type { Graph } from '../graph.js'
import type { GraphAttribute, GraphNode, GraphValue } from '../graph-node.js'
import { readModel } from '../onnx/read-model.js'
import type {
  AttributeDescription,
  GraphDescription,
  OperatorDescription,
  ValueDescription,
} from './graph-description.js'

/**
 * What a graph consists of, without the data of its constants.
 *
 * @param graph a graph under construction, or the bytes of an ONNX file. A graph that is written holds
 *   other operators than before: those that no output needs are left out, and some are taken apart.
 *   A file tells the shapes of inputs, outputs and constants, and of other values where its writer
 *   noted them. Graphs within operators (of `If` and `Loop`) are not described.
 * @throws AssayError `UNSUPPORTED_FORMAT` where the bytes are no ONNX file
 */
export const describeGraph = (graph: Graph | Uint8Array): GraphDescription =>
  graph instanceof Uint8Array ? readModel(graph) : describeBuilt(graph)

function describeBuilt(graph: Graph): GraphDescription {
  const { name, metadata, inputs, outputs, constants, nodes } = graph
  return {
    name,
    metadata,
    inputs: inputs.map(describeValue),
    outputs: outputs.map(describeValue),
    constants: [...constants].map(([constant, { type, dims, data }]) => ({
      name: constant,
      type,
      shape: dims,
      bytes: data.byteLength,
      external: false,
    })),
    operators: nodes.map(describeNode),
    file: null,
  }
}

const describeValue = ({ name, type, shape }: GraphValue): ValueDescription => ({
  name,
  type,
  shape,
})

function describeNode({ operator, inputs, outputs, attributes }: GraphNode): OperatorDescription {
  const settings = Object.entries(attributes).map(([name, each]) => [name, describeAttribute(each)])
  return {
    operator,
    inputs: inputs.map((input) => input?.name ?? ''),
    outputs: outputs.map(describeValue),
    attributes: Object.fromEntries(settings),
  }
}

const describeAttribute = (attribute: GraphAttribute): AttributeDescription =>
  Object.values(attribute)[0] as AttributeDescription

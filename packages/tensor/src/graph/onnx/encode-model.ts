import type { Tensor } from '@assay/core'
import type { GraphAttribute, GraphNode, GraphValue } from '../graph-node.js'
import { elementTypes } from './element-types.js'
import { ProtobufWriter } from './protobuf-writer.js'

/** What an ONNX file says. */
export interface ModelContents {
  readonly name: string
  readonly metadata: Readonly<Record<string, string>>
  readonly inputs: readonly GraphValue[]
  readonly constants: ReadonlyMap<string, Tensor>
  readonly nodes: readonly GraphNode[]
  readonly outputs: readonly GraphValue[]
}

/** Versions that every runtime since ONNX Runtime 1.17 reads. */
const irVersion = 9
const operatorSetVersion = 20

/** Attribute types by their number in onnx.proto, `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 }

/**
 * The bytes of an ONNX file; field numbers as in onnx.proto (onnx/onnx, `onnx/onnx.proto3`).
 *
 * @throws AssayError `LIMIT_EXCEEDED` where they would be 2 GiB or more
 */
export function encodeModel(contents: ModelContents): Uint8Array {
  const model = new ProtobufWriter()
  model.integer(1, irVersion)
  model.string(2, 'assay')
  model.message(7, (graph) => writeGraph(graph, contents))
  model.message(8, (operatorSet) => {
    operatorSet.string(1, '')
    operatorSet.integer(2, operatorSetVersion)
  })
  for (const [key, value] of Object.entries(contents.metadata)) {
    model.message(14, (entry) => {
      entry.string(1, key)
      entry.string(2, value)
    })
  }
  return model.finish()
}

function writeGraph(writer: ProtobufWriter, contents: ModelContents): void {
  for (const node of contents.nodes) writer.message(1, (inner) => writeNode(inner, node))
  writer.string(2, contents.name)
  for (const [name, tensor] of contents.constants) {
    writer.message(5, (inner) => writeTensor(inner, name, tensor))
  }
  for (const value of contents.inputs) writer.message(11, (inner) => writeValue(inner, value))
  for (const value of contents.outputs) writer.message(12, (inner) => writeValue(inner, value))
}

function writeNode(writer: ProtobufWriter, node: GraphNode): void {
  for (const input of node.inputs) writer.string(1, input?.name ?? '')
  for (const output of node.outputs) writer.string(2, output.name)
  writer.string(3, node.outputs[0]?.name ?? '')
  writer.string(4, node.operator)
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writer.message(5, (inner) => writeAttribute(inner, name, attribute))
  }
}

function writeAttribute(writer: ProtobufWriter, name: string, attribute: GraphAttribute): void {
  writer.string(1, name)
  if ('float' in attribute) {
    writer.float(2, attribute.float)
    writer.integer(20, attributeTypes.float)
  } else if ('int' in attribute) {
    writer.integer(3, attribute.int)
    writer.integer(20, attributeTypes.int)
  } else if ('string' in attribute) {
    writer.string(4, attribute.string)
    writer.integer(20, attributeTypes.string)
  } else {
    for (const value of attribute.ints) writer.integer(8, value)
    writer.integer(20, attributeTypes.ints)
  }
}

function writeTensor(writer: ProtobufWriter, name: string, { type, dims, data }: Tensor): void {
  for (const size of dims) writer.integer(1, size)
  writer.integer(2, elementTypes[type])
  writer.string(8, name)
  // Raw data are little-endian, as is every machine that ONNX Runtime has a binary for.
  writer.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}

function writeValue(writer: ProtobufWriter, { name, type, shape }: GraphValue): void {
  writer.string(1, name)
  writer.message(2, (valueType) =>
    valueType.message(1, (tensorType) => {
      tensorType.integer(1, elementTypes[type])
      tensorType.message(2, (dimensions) => {
        for (const size of shape) {
          dimensions.message(1, (dimension) => {
            if (typeof size === 'number') dimension.integer(1, size)
            else dimension.string(2, size)
          })
        }
      })
    }),
  )
}

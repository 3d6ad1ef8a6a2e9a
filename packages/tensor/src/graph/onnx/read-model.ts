import { AssayError } from '@assay/core'
import type {
  AttributeDescription,
  ConstantDescription,
  FileDescription,
  GraphDescription,
  OperatorDescription,
  ValueDescription,
} from '../inspection/graph-description.js'
import { elementBits, elementTypeName } from './element-types.js'
import { ProtobufReader } from './protobuf-reader.js'

/** `TensorProto.DataLocation` of data in another file. */
const externalLocation = 1

/**
 * What an ONNX file says; field numbers as in onnx.proto (onnx/onnx, `onnx/onnx.proto3`).
 *
 * @throws AssayError `UNSUPPORTED_FORMAT` where the bytes are no ONNX file
 */
export function readModel(bytes: Uint8Array): GraphDescription {
  const model = new ProtobufReader(bytes)
  const graph = model.message(7)
  if (!graph || !model.has(1)) {
    throw new AssayError({
      code: 'UNSUPPORTED_FORMAT',
      message: 'The bytes hold no ONNX graph.',
      remedy: 'Give the bytes of a whole ONNX file.',
    })
  }
  const constants = graph.messages(5).map(readConstant)
  const constantNames = new Set(constants.map(({ name }) => name))
  const values = [13, 12].flatMap((field) => graph.messages(field).map(readValue))
  const known = new Map(values.map((value) => [value.name, value]))
  const notes = model.messages(14).map((entry) => [entry.string(1), entry.string(2)])
  return {
    name: graph.string(2),
    metadata: Object.fromEntries(notes),
    // Old files list their constants among the inputs.
    inputs: graph
      .messages(11)
      .map(readValue)
      .filter(({ name }) => !constantNames.has(name)),
    outputs: graph.messages(12).map(readValue),
    constants,
    operators: graph.messages(1).map((node) => readNode(node, known)),
    file: readFile(model),
  }
}

function readFile(model: ProtobufReader): FileDescription {
  const sets = model.messages(8).map((set) => [set.string(1), set.integer(2)])
  return {
    producer: [model.string(2), model.string(3)].filter((part) => part !== '').join(' '),
    irVersion: model.integer(1),
    operatorSets: Object.fromEntries(sets),
  }
}

function readValue(value: ProtobufReader): ValueDescription {
  const tensor = value.message(2)?.message(1)
  const dimensions = tensor?.message(2)?.messages(1)
  const shape = dimensions?.map((size) => (size.has(1) ? size.integer(1) : size.string(2) || '?'))
  return {
    name: value.string(1),
    type: tensor ? elementTypeName(tensor.integer(1)) : null,
    shape: shape ?? null,
  }
}

function readConstant(tensor: ProtobufReader): ConstantDescription {
  const type = elementTypeName(tensor.integer(2))
  const shape = tensor.integers(1)
  const bits = elementBits(type)
  const elements = shape.reduce((product, size) => product * size, 1)
  return {
    name: tensor.string(8),
    type,
    shape,
    bytes: bits === null ? null : Math.ceil((elements * bits) / 8),
    external: tensor.integer(14) === externalLocation,
  }
}

function readNode(
  node: ProtobufReader,
  known: ReadonlyMap<string, ValueDescription>,
): OperatorDescription {
  const domain = node.string(7)
  const attributes = node.messages(5).map((each) => [each.string(1), readAttribute(each)])
  return {
    operator:
      domain === '' || domain === 'ai.onnx' ? node.string(4) : `${domain}:${node.string(4)}`,
    inputs: node.strings(1),
    outputs: node.strings(2).map((name) => known.get(name) ?? { name, type: null, shape: null }),
    attributes: Object.fromEntries(attributes),
  }
}

/** The value by its number in `AttributeProto.AttributeType`. */
function readAttribute(attribute: ProtobufReader): AttributeDescription {
  switch (attribute.integer(20)) {
    case 1:
      return attribute.floats(2).at(-1) ?? 0
    case 2:
      return attribute.integer(3)
    case 3:
      return attribute.string(4)
    case 6:
      return attribute.floats(7)
    case 7:
      return attribute.integers(8)
    case 8:
      return attribute.strings(9)
    default:
      return null
  }
}

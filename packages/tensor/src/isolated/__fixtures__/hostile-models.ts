import { ProtobufWriter } from '../../graph/onnx/protobuf-writer.js'

/** Writes the fields of a message. */
type Fields = (writer: ProtobufWriter) => void

/** Element types by their number in onnx.proto, `TensorProto.DataType`. */
export const elementType = { float: 1, int64: 7, bool: 9 } as const

/** A field of a node's attribute, with its number in `AttributeProto.AttributeType`. */
const attribute = (name: string, type: number, fields: Fields): Fields => {
  return (writer) => {
    writer.string(1, name)
    fields(writer)
    writer.integer(20, type)
  }
}

const graphAttribute = (name: string, graph: Fields) =>
  attribute(name, 5, (writer) => writer.message(6, graph))
const tensorAttribute = (name: string, tensor: Fields) =>
  attribute(name, 4, (writer) => writer.message(5, tensor))
const integerAttribute = (name: string, value: number) =>
  attribute(name, 2, (writer) => writer.integer(3, value))

interface NodeParts {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: readonly Fields[]
}

const node = ({ operator, inputs, outputs, attributes = [] }: NodeParts): Fields => {
  return (writer) => {
    for (const input of inputs) writer.string(1, input)
    for (const output of outputs) writer.string(2, output)
    writer.string(4, operator)
    for (const each of attributes) writer.message(5, each)
  }
}

/** A tensor with its values in the model. */
const tensor = (name: string, type: number, dims: readonly number[], data: Uint8Array): Fields => {
  return (writer) => {
    for (const size of dims) writer.integer(1, size)
    writer.integer(2, type)
    writer.string(8, name)
    writer.bytes(9, data)
  }
}

const bytesOf = ({ buffer }: { readonly buffer: ArrayBufferLike }) => new Uint8Array(buffer)
const integers = (name: string, ...values: number[]) =>
  tensor(name, elementType.int64, [values.length], bytesOf(BigInt64Array.from(values.map(BigInt))))
const scalar = (name: string, value: number) =>
  tensor(name, elementType.int64, [], bytesOf(BigInt64Array.of(BigInt(value))))
const truth = (name: string) => tensor(name, elementType.bool, [], Uint8Array.of(1))
const float = (name: string, value: number) =>
  tensor(name, elementType.float, [1], bytesOf(Float32Array.of(value)))

/** A value's name, element type and shape; no shape where it has none. */
const value = (name: string, type: number, shape: readonly (number | string)[] | null): Fields => {
  return (writer) => {
    writer.string(1, name)
    writer.message(2, (valueType) =>
      valueType.message(1, (tensorType) => {
        tensorType.integer(1, type)
        if (shape === null) return
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
}

interface GraphParts {
  readonly nodes: readonly Fields[]
  readonly constants?: readonly Fields[]
  readonly inputs?: readonly Fields[]
  readonly outputs: readonly Fields[]
}

const graph = ({ nodes, constants = [], inputs = [], outputs }: GraphParts): Fields => {
  return (writer) => {
    for (const each of nodes) writer.message(1, each)
    writer.string(2, 'g')
    for (const each of constants) writer.message(5, each)
    for (const each of inputs) writer.message(11, each)
    for (const each of outputs) writer.message(12, each)
  }
}

/** The bytes of a model with this graph. */
function model(fields: Fields): Uint8Array {
  const writer = new ProtobufWriter()
  writer.integer(1, 9)
  writer.message(7, fields)
  writer.message(8, (operatorSet) => {
    operatorSet.string(1, '')
    operatorSet.integer(2, 20)
  })
  return writer.finish()
}

const x = value('x', elementType.float, ['n'])
const y = (shape: readonly (number | string)[] | null = null) => value('y', elementType.float, shape)

/** y = sum(1, 1, ... ): as many values as `size` asks for, made from nothing and added up. */
export const hugeConstant = (...size: number[]): Uint8Array =>
  model(
    graph({
      inputs: [x],
      constants: [integers('size', ...size)],
      nodes: [
        node({ operator: 'ConstantOfShape', inputs: ['size'], outputs: ['zeros'] }),
        node({ operator: 'Add', inputs: ['zeros', 'x'], outputs: ['sums'] }),
        node({
          operator: 'ReduceSum',
          inputs: ['sums'],
          outputs: ['y'],
          attributes: [integerAttribute('keepdims', 0)],
        }),
      ],
      outputs: [y([])],
    }),
  )

/** y = x, stretched to `size`, and added up; the size comes in as an input, so that nothing is folded. */
export const hugeExpand = (): Uint8Array =>
  model(
    graph({
      inputs: [x, value('size', elementType.int64, ['rank'])],
      nodes: [
        node({ operator: 'Expand', inputs: ['x', 'size'], outputs: ['large'] }),
        node({ operator: 'Exp', inputs: ['large'], outputs: ['y'] }),
      ],
      outputs: [y()],
    }),
  )

/** Trips of a loop without end. */
const forever = Number.MAX_SAFE_INTEGER

/** A loop that does its body `trips` times. */
const loop = (body: Fields, trips: number): Uint8Array =>
  model(
    graph({
      inputs: [x],
      constants: [scalar('trips', trips), truth('on')],
      nodes: [
        node({
          operator: 'Loop',
          inputs: ['trips', 'on', 'x'],
          outputs: ['y'],
          attributes: [graphAttribute('body', body)],
        }),
      ],
      outputs: [y()],
    }),
  )

const loopBody = (step: Fields, constants: readonly Fields[]): Fields =>
  graph({
    inputs: [
      value('i', elementType.int64, []),
      value('before', elementType.bool, []),
      value('old', elementType.float, null),
    ],
    constants,
    nodes: [
      node({ operator: 'Identity', inputs: ['before'], outputs: ['after'] }),
      step,
    ],
    outputs: [value('after', elementType.bool, []), value('new', elementType.float, null)],
  })

/** Adds 1 to x without end. */
export const endlessLoop = (): Uint8Array => shortLoop(forever)

/** Adds 1 to x, so many times. */
export const shortLoop = (trips: number): Uint8Array =>
  loop(
    loopBody(node({ operator: 'Add', inputs: ['old', 'one'], outputs: ['new'] }), [
      float('one', 1),
    ]),
    trips,
  )

/** Doubles the length of x without end. */
export const growingLoop = (): Uint8Array =>
  loop(
    loopBody(node({ operator: 'Tile', inputs: ['old', 'twice'], outputs: ['new'] }), [
      integers('twice', 2),
    ]),
    forever,
  )

/** A condition within a condition, `depth` times. */
export function nestedConditions(depth: number): Uint8Array {
  let inner = graph({
    nodes: [node({ operator: 'Identity', inputs: ['x'], outputs: ['y0'] })],
    outputs: [value('y0', elementType.float, null)],
  })
  for (let level = 1; level <= depth; level++) {
    const branch = inner
    const name = level === depth ? 'y' : `y${level}`
    const condition = node({
      operator: 'If',
      inputs: ['on'],
      outputs: [name],
      attributes: [graphAttribute('then_branch', branch), graphAttribute('else_branch', branch)],
    })
    if (level === depth) {
      return model(graph({ inputs: [x], constants: [truth('on')], nodes: [condition], outputs: [y()] }))
    }
    inner = graph({ nodes: [condition], outputs: [value(name, elementType.float, null)] })
  }
  return model(inner)
}

/** y = x doubled in length `doublings` times by joining it with itself, then reduced to one number. */
export function doublingChain(doublings: number): Uint8Array {
  const names = Array.from({ length: doublings + 1 }, (_, at) => (at === 0 ? 'x' : `x${at}`))
  const nodes = names.slice(1).map((name, at) =>
    node({
      operator: 'Concat',
      inputs: [names[at] ?? '', names[at] ?? ''],
      outputs: [name],
      attributes: [integerAttribute('axis', 0)],
    }),
  )
  const sum = node({ operator: 'ReduceSum', inputs: [names.at(-1) ?? ''], outputs: ['y'] })
  return model(graph({ inputs: [x], nodes: [...nodes, sum], outputs: [y()] }))
}

/** A model that claims a constant of more values than it has bytes for. */
export const lyingConstant = (size: number): Uint8Array =>
  model(
    graph({
      inputs: [x],
      constants: [tensor('c', elementType.float, [size], new Uint8Array(4))],
      nodes: [node({ operator: 'Add', inputs: ['x', 'c'], outputs: ['y'] })],
      outputs: [y()],
    }),
  )

/** Where a tensor with its values in another file can hide. */
export type HidingPlace = 'initializer' | 'attribute' | 'branch' | 'sparse'

/** y = x + c, four values, where c lies in the file `location`. */
export function externalModel(location: string, place: HidingPlace = 'initializer'): Uint8Array {
  const entry = (key: string, text: string): Fields => {
    return (writer) => {
      writer.string(1, key)
      writer.string(2, text)
    }
  }
  const outside: Fields = (writer) => {
    writer.integer(1, 4)
    writer.integer(2, elementType.float)
    writer.string(8, 'c')
    writer.message(13, entry('offset', '0'))
    writer.message(13, entry('location', location))
    writer.message(13, entry('length', '16'))
    writer.integer(14, 1)
  }
  const add = node({ operator: 'Add', inputs: ['x', 'c'], outputs: ['y'] })
  const constant = node({
    operator: 'Constant',
    inputs: [],
    outputs: ['c'],
    attributes: [tensorAttribute('value', outside)],
  })
  const inputs = [value('x', elementType.float, [4])]
  const outputs = [y([4])]
  if (place === 'initializer') {
    return model(graph({ inputs, constants: [outside], nodes: [add], outputs }))
  }
  if (place === 'attribute') return model(graph({ inputs, nodes: [constant, add], outputs }))
  if (place === 'sparse') {
    return model((writer) => {
      graph({ inputs, nodes: [add], outputs })(writer)
      writer.message(15, (sparse) => {
        sparse.message(1, outside)
        sparse.integer(3, 4)
      })
    })
  }
  const branch = graph({ nodes: [constant, add], outputs: [y()] })
  const condition = node({
    operator: 'If',
    inputs: ['on'],
    outputs: ['y'],
    attributes: [graphAttribute('then_branch', branch), graphAttribute('else_branch', branch)],
  })
  return model(graph({ inputs, constants: [truth('on')], nodes: [condition], outputs }))
}

/** Keeps every step's 1 MiB without end: memory that grows steadily. */
export const hoardingLoop = (): Uint8Array => {
  const body = graph({
    inputs: [value('i', elementType.int64, []), value('before', elementType.bool, [])],
    constants: [integers('size', 2 ** 18)],
    nodes: [
      node({ operator: 'Identity', inputs: ['before'], outputs: ['after'] }),
      node({ operator: 'Expand', inputs: ['x', 'size'], outputs: ['large'] }),
      node({ operator: 'Exp', inputs: ['large'], outputs: ['kept'] }),
    ],
    outputs: [value('after', elementType.bool, []), value('kept', elementType.float, null)],
  })
  return model(
    graph({
      inputs: [x],
      constants: [scalar('trips', forever), truth('on')],
      nodes: [
        node({
          operator: 'Loop',
          inputs: ['trips', 'on'],
          outputs: ['y'],
          attributes: [graphAttribute('body', body)],
        }),
      ],
      outputs: [y()],
    }),
  )
}

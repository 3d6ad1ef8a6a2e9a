import { AssayError, type Tensor } from '@assay/core'
import { decompose } from './decomposition/decompose.js'
import type { ElementType, GraphAttribute, GraphNode, GraphValue, Shape } from './graph-node.js'
import { encodeModel } from './onnx/encode-model.js'
import { prune } from './prune.js'

/** What an operation adds to a graph. */
export interface NodeDescription {
  readonly operator: string
  readonly inputs: readonly (GraphValue | null)[]
  readonly attributes?: Readonly<Record<string, GraphAttribute>>
  /** Type and shape of each output. */
  readonly outputs: readonly { readonly type: ElementType; readonly shape: Shape }[]
}

/**
 * A computation under construction. Operations such as `add` and `matMul` take its values and give new
 * ones; `toBytes` writes the whole as an ONNX file, which `Engine.open` loads.
 */
export interface Graph {
  /** Its name in the file. */
  readonly name: string
  /** The caller's notes in the file. */
  readonly metadata: Readonly<Record<string, string>>
  /** What is fed at every run. */
  readonly inputs: readonly GraphValue[]
  /** What every run gives. */
  readonly outputs: readonly GraphValue[]
  /** The operators, in an order in which they can be computed. */
  readonly nodes: readonly GraphNode[]
  /** The tensors that are part of the graph, by the names of their values. */
  readonly constants: ReadonlyMap<string, Tensor>
  /**
   * Declares an input.
   *
   * @throws AssayError `INVALID_ARGUMENT` where the name is empty or taken
   */
  input(name: string, type: ElementType, shape: Shape): GraphValue
  /**
   * A tensor that is part of the graph. Its data are not copied until `toBytes`.
   *
   * @throws AssayError `SHAPE_MISMATCH` where the data do not fill the dimensions
   */
  constant(tensor: Tensor): GraphValue
  /**
   * Names a value as an output.
   *
   * @throws AssayError `INVALID_ARGUMENT` where the name is empty or taken
   */
  output(name: string, value: GraphValue): void
  /** Adds an ONNX operator; operations are made of this. The outputs' types and shapes are the caller's word. */
  node(description: NodeDescription): readonly GraphValue[]
  /** A name for a dimension whose size nothing else tells. */
  newDimension(): string
  /**
   * The graph as an ONNX file: what the outputs depend on, in operators that ONNX Runtime has for the
   * element types. The same calls give the same bytes.
   *
   * @throws AssayError `EMPTY_INPUT` where no output is named, `LIMIT_EXCEEDED` where the file would
   *   take 2 GiB or more, which the format does not allow
   */
  toBytes(): Uint8Array
}

/** Settings of `createGraph`. */
interface CreateGraphOptions {
  /** The graph's name in the file. Default `graph`. */
  readonly name?: string
  /** Notes of the caller's that the file is to carry; `describeGraph` reads them back. Default none. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** An empty graph. */
export const createGraph = (options: CreateGraphOptions = {}): Graph => new GraphBuilder(options)

interface GraphBuilderOptions extends CreateGraphOptions {
  /** What names of the graph's own begin with. Default nothing. */
  readonly prefix?: string
}

class GraphBuilder implements Graph {
  readonly name: string
  readonly metadata: Readonly<Record<string, string>>
  readonly inputs: GraphValue[] = []
  readonly outputs: GraphValue[] = []
  readonly nodes: GraphNode[] = []
  readonly constants = new Map<string, Tensor>()
  readonly #names = new Set<string>()
  readonly #prefix: string
  #dimensions = 0

  constructor({ name = 'graph', metadata = {}, prefix = '' }: GraphBuilderOptions) {
    this.name = name
    this.metadata = metadata
    this.#prefix = prefix
  }

  input(name: string, type: ElementType, shape: Shape): GraphValue {
    const value = { graph: this, name: this.#claim(name), type, shape }
    this.inputs.push(value)
    return value
  }

  constant(tensor: Tensor): GraphValue {
    const { type, dims, data } = tensor
    if (data.length !== dims.reduce((product, size) => product * size, 1)) {
      throw new AssayError({
        code: 'SHAPE_MISMATCH',
        message: `A constant of shape [${dims.join(', ')}] cannot hold ${data.length} values.`,
        value: dims,
        remedy: 'Make the data fill the dimensions exactly.',
      })
    }
    const name = this.#fresh('constant')
    this.constants.set(name, tensor)
    return { graph: this, name, type, shape: dims }
  }

  output(name: string, value: GraphValue): void {
    const output = { ...value, name: this.#claim(name) }
    this.nodes.push({ operator: 'Identity', inputs: [value], attributes: {}, outputs: [output] })
    this.outputs.push(output)
  }

  node({ operator, inputs, attributes = {}, outputs }: NodeDescription): readonly GraphValue[] {
    const values = outputs.map((output) => ({
      ...output,
      graph: this,
      name: this.#fresh(operator),
    }))
    this.nodes.push({ operator, inputs, attributes, outputs: values })
    return values
  }

  newDimension(): string {
    this.#dimensions += 1
    return `dimension_${this.#dimensions}`
  }

  toBytes(): Uint8Array {
    if (this.outputs.length === 0) {
      throw new AssayError({
        code: 'EMPTY_INPUT',
        message: `The graph '${this.name}' has no output.`,
        remedy: 'Name what it should give with output(name, value).',
      })
    }
    const { name, metadata, inputs, outputs } = this
    const needed = prune(this, outputs)
    const written = decompose(needed, (prefix) => new GraphBuilder({ prefix }))
    return encodeModel({ name, metadata, inputs, outputs, ...written })
  }

  /** A name that is not taken; names of our own hold a slash so that they meet no caller's. */
  #fresh(prefix: string): string {
    return this.#claim(`${this.#prefix}${prefix}/${this.#names.size}`)
  }

  #claim(name: string): string {
    if (name === '' || this.#names.has(name)) {
      throw new AssayError({
        code: 'INVALID_ARGUMENT',
        message: `The name '${name}' is ${name === '' ? 'empty' : 'taken'} in this graph.`,
        value: name,
        remedy: 'Give every input and output a name of its own.',
      })
    }
    this.#names.add(name)
    return name
  }
}

import {
  createGraph,
  type ElementType,
  type Graph,
  type GraphValue,
  type Shape,
} from '@assay/tensor/graph'
import { formulaWeights } from './formula-weights.js'

/** Vocabulary of the tests' tokenizers, at most. */
const vocabulary = 64

/** An operator with one output of a shape that the caller knows. */
function node(
  graph: Graph,
  operator: string,
  inputs: readonly GraphValue[],
  shape: Shape,
  attributes = {},
): GraphValue {
  const [value] = graph.node({
    operator,
    inputs,
    attributes,
    outputs: [{ type: 'float32', shape }],
  })
  if (value === undefined) throw new TypeError(`${operator} gave nothing`)
  return value
}

function weights(graph: Graph, seed: number, dims: readonly number[], scale: number): GraphValue {
  const length = dims.reduce((product, size) => product * size, 1)
  return graph.constant({ type: 'float32', dims, data: formulaWeights(seed, length, scale) })
}

/** Sizes as a constant, 0 where a size is that of the input. */
const sizes = (graph: Graph, shape: readonly number[]) =>
  graph.constant({
    type: 'int64',
    dims: [shape.length],
    data: BigInt64Array.from(shape, BigInt),
  })

const float = (graph: Graph, value: GraphValue) =>
  node(graph, 'Cast', [value], value.shape, { to: { int: 1 } })

/** Names the output in an element type: 1 is float32, 10 float16. */
function output(graph: Graph, name: string, value: GraphValue, type: ElementType): void {
  const [typed] = graph.node({
    operator: 'Cast',
    inputs: [value],
    attributes: { to: { int: type === 'float16' ? 10 : 1 } },
    outputs: [{ type, shape: value.shape }],
  })
  if (typed !== undefined) graph.output(name, typed)
}

/** A tiny text encoder: what it gives, and in which types. */
export interface TinyEncoder {
  readonly seed: number
  readonly width: number
  /** Tokens, as the graph's fixed size or as a name. */
  readonly tokens: number | string
  readonly ids: 'int32' | 'int64'
  readonly floats: ElementType
  /** Width of `text_embeds`, or null for none. */
  readonly pooled: number | null
  /** Whether the states of all layers are given. */
  readonly layers: boolean
}

/**
 * h0 = E[id]; h1 = tanh(1.3 h0); last = 0.7 h1 + 0.3 h0; text_embeds = last of the second token times
 * T. With layers: hidden_states.0, 1 and 2 are h0, h1 and last.
 */
export function tinyTextEncoder(encoder: TinyEncoder): Uint8Array {
  const { seed, width, tokens, ids, floats, pooled, layers } = encoder
  const graph = createGraph({ name: 'text' })
  const shape = ['batch_size', tokens, width]
  const input = graph.input('input_ids', ids, ['batch_size', tokens])
  const table = weights(graph, seed, [vocabulary, width], 1)
  const first = node(graph, 'Gather', [table, input], shape)
  const scaled = (value: GraphValue, factor: number) =>
    node(
      graph,
      'Mul',
      [value, graph.constant({ type: 'float32', dims: [], data: Float32Array.of(factor) })],
      shape,
    )
  const second = node(graph, 'Tanh', [scaled(first, 1.3)], shape)
  const last = node(graph, 'Add', [scaled(second, 0.7), scaled(first, 0.3)], shape)
  if (pooled !== null) {
    const index = graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(1n) })
    const token = node(graph, 'Gather', [last, index], ['batch_size', width], { axis: { int: 1 } })
    const projection = weights(graph, seed + 1, [width, pooled], 0.8)
    const embeds = node(graph, 'MatMul', [token, projection], ['batch_size', pooled])
    output(graph, 'text_embeds', embeds, floats)
  }
  output(graph, 'last_hidden_state', last, floats)
  const states = layers ? [first, second, last] : []
  for (const [at, value] of states.entries()) output(graph, `hidden_states.${at}`, value, floats)
  return graph.toBytes()
}

/** A tiny denoiser: its inputs as a real export names and types them. */
export interface TinyDenoiser {
  readonly seed: number
  readonly channels: number
  readonly tokens: number
  readonly width: number
  readonly floats: ElementType
  readonly timestep: { readonly type: ElementType; readonly shape: Shape }
  /** Rows, where the graph is made for a number of them. */
  readonly batch?: number
  /** Names of state and output. */
  readonly state: string
  readonly prediction: string
  /** Names and widths of further inputs, with the scale that they are divided by. */
  readonly others: readonly {
    readonly name: string
    readonly width: number
    readonly scale: number
  }[]
}

/**
 * tanh(A x + text + t q), where A mixes channels, text is a weighted sum of the token states times P,
 * and t is timestep / 1000; other inputs add their own products.
 */
export function tinyDenoiser(denoiser: TinyDenoiser): Uint8Array {
  const { seed, channels, tokens, width, floats, timestep, others } = denoiser
  const graph = createGraph({ name: 'denoiser' })
  const rows = denoiser.batch ?? 'batch_size'
  const whole = [rows, channels, 'height', 'width']
  const column = [rows, channels, 1, 1]
  const state = float(graph, graph.input(denoiser.state, floats, whole))
  const time = float(graph, graph.input('timestep', timestep.type, timestep.shape))
  const states = float(graph, graph.input('encoder_hidden_states', floats, [rows, tokens, width]))
  const mixed = node(
    graph,
    'Conv',
    [state, weights(graph, seed, [channels, channels, 1, 1], 0.6)],
    whole,
  )
  const perToken = node(
    graph,
    'Mul',
    [states, weights(graph, seed + 1, [tokens, 1], 0.3)],
    states.shape,
  )
  const flat = node(
    graph,
    'Reshape',
    [perToken, sizes(graph, [0, tokens * width])],
    [rows, tokens * width],
  )
  const tiled = Float32Array.from({ length: tokens * width * channels }, (_, at) => {
    const [place, channel] = [Math.floor(at / channels) % width, at % channels]
    return formulaWeights(seed + 2, width * channels, 0.4)[place * channels + channel] ?? 0
  })
  const projection = graph.constant({
    type: 'float32',
    dims: [tokens * width, channels],
    data: tiled,
  })
  const asColumn = (value: GraphValue) =>
    node(graph, 'Reshape', [value, sizes(graph, [-1, channels, 1, 1])], column)
  let sum = node(
    graph,
    'Add',
    [mixed, asColumn(node(graph, 'MatMul', [flat, projection], [rows, channels]))],
    whole,
  )
  const thousandth = graph.constant({ type: 'float32', dims: [], data: Float32Array.of(0.001) })
  const times = node(
    graph,
    'Mul',
    [node(graph, 'Reshape', [time, sizes(graph, [-1, 1, 1, 1])], ['steps', 1, 1, 1]), thousandth],
    ['steps', 1, 1, 1],
  )
  sum = node(
    graph,
    'Add',
    [
      sum,
      node(
        graph,
        'Mul',
        [times, weights(graph, seed + 3, [1, channels, 1, 1], 0.5)],
        ['steps', channels, 1, 1],
      ),
    ],
    whole,
  )
  for (const [at, other] of others.entries()) {
    const value = float(graph, graph.input(other.name, floats, [rows, other.width]))
    const product = node(
      graph,
      'MatMul',
      [value, weights(graph, seed + 4 + at, [other.width, channels], 1 / other.scale)],
      [rows, channels],
    )
    sum = node(graph, 'Add', [sum, asColumn(product)], whole)
  }
  output(graph, denoiser.prediction, node(graph, 'Tanh', [sum], whole), floats)
  return graph.toBytes()
}

/** A tiny decoder from latents to pixels, eight a side: a transposed convolution. */
export function tinyDecoder(channels: number, scale: number, floats: ElementType): Uint8Array {
  const graph = createGraph({ name: 'decoder' })
  const latents = float(
    graph,
    graph.input('latent_sample', floats, ['batch_size', channels, 'height_latent', 'width_latent']),
  )
  const kernel = weights(graph, 15, [channels, 3, 8, 8], scale)
  const pixels = node(
    graph,
    'ConvTranspose',
    [latents, kernel],
    ['batch_size', 3, 'height', 'width'],
    { strides: { ints: [8, 8] } },
  )
  output(graph, 'sample', pixels, floats)
  return graph.toBytes()
}

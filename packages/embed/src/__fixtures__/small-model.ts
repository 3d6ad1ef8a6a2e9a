import { createRandom, type Tensor } from '@assay/core'
import {
  createGraph,
  type Graph,
  type GraphValue,
  gather,
  matMul,
  mul,
  reduceMean,
  reshape,
} from '@assay/tensor/graph'
import type { ModelCard } from '../card/model-card.js'

type Image = NonNullable<ModelCard['image']>
type Text = NonNullable<ModelCard['text']>

/** Rows that pictures are averaged to before anything is learned from them, and as many columns. */
const grid = 8

/** Token ids are folded to as many, so that no table of a vocabulary is needed. */
const foldedTokens = 997

const width = 6

/** An ONNX picture tower as a card describes it, with small random weights. */
export function smallImageTower({ input, output }: Image, seed: number): Uint8Array {
  const graph = createGraph({ name: 'picture' })
  const pixels = graph.input(input.name, 'float32', input.shape)
  const side = Number(input.shape[2]) / grid
  const [pooled] = graph.node({
    operator: 'AveragePool',
    inputs: [pixels],
    attributes: { kernel_shape: { ints: [side, side] }, strides: { ints: [side, side] } },
    outputs: [{ type: 'float32', shape: ['batch', 3, grid, grid] }],
  })
  const features = reshape(pooled as GraphValue, { shape: ['batch', 3 * grid * grid] })
  const vectors = project(graph, features, output.shape, seed)
  graph.output(output.name, vectors)
  return graph.toBytes()
}

/** An ONNX text tower as a card describes it, with small random weights. */
export function smallTextTower({ input, output }: Text, seed: number): Uint8Array {
  const graph = createGraph({ name: 'prompt' })
  const ids = graph.input(input.name, 'int64', input.shape)
  const fold = graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(foldedTokens)) })
  const [folded] = graph.node({
    operator: 'Mod',
    inputs: [ids, fold],
    outputs: [{ type: 'int64', shape: input.shape }],
  })
  const table = graph.constant(randomTensor([foldedTokens, width], seed))
  const tokens = gather(table, folded as GraphValue)
  const places = graph.constant(randomTensor([Number(input.shape[1]), width], seed + 1))
  const sentence = reduceMean(mul(tokens, places), { axes: [1] })
  graph.output(output.name, project(graph, sentence, output.shape, seed + 2))
  return graph.toBytes()
}

/** Features of a batch times random weights: one row an item, or one for each of its tokens. */
function project(graph: Graph, features: GraphValue, shape: readonly (number | string)[], seed: number) {
  const dimensions = Number(shape.at(-1))
  const weights = graph.constant(randomTensor([Number(features.shape[1]), dimensions], seed))
  const vectors = matMul(features, weights)
  if (shape.length === 2) return vectors
  const tokens = graph.constant(randomTensor([Number(shape[1]), 1], seed + 1))
  return mul(reshape(vectors, { shape: ['batch', 1, dimensions] }), tokens)
}

function randomTensor(dims: readonly number[], seed: number): Tensor {
  const random = createRandom(seed)
  const size = dims.reduce((product, each) => product * each, 1)
  return { type: 'float32', dims, data: Float32Array.from({ length: size }, () => random.normal()) }
}

import { createRandom, type Engine, type Tensor } from '@assay/core'
import { gradients } from '../gradient/gradients.js'
import { createGraph, type Graph } from '../graph.js'
import type { GraphValue } from '../graph-node.js'
import { mul } from '../operations/arithmetic.js'
import { reduceSum } from '../operations/reductions.js'

type Floating = 'float32' | 'float64'
type FloatTensor = Extract<Tensor, { type: Floating }>

/** A computation and the point at which its gradient is looked at. */
export interface GradientCase {
  /** The sizes of the inputs. */
  readonly dims: readonly (readonly number[])[]
  readonly build: (values: GraphValue[], graph: Graph) => GraphValue
  /** Where the elements lie; steps of 1/64, off the kinks at whole multiples of them. Default ±2. */
  readonly range?: readonly [low: number, high: number]
  /** Whether the graph learns the sizes only when it runs. */
  readonly symbolic?: boolean
}

/** `‖actual - expected‖ / ‖expected‖`, where a zero norm counts as 1. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, norm] = [0, 0]
  for (let at = 0; at < expected.length; at += 1) {
    difference += ((actual[at] as number) - (expected[at] as number)) ** 2
    norm += (expected[at] as number) ** 2
  }
  return Math.sqrt(difference) / (Math.sqrt(norm) || 1)
}

const sizeName = (size: number) => (size === 1 ? 1 : `size_${size}`)

/** Random elements that are exact in float32, and no two of them closer than 1/4096. */
export function randomTensors({ dims, range: [low, high] = [-2, 2] }: GradientCase, seed: number) {
  const random = createRandom(seed)
  return dims.map((sizes): FloatTensor => {
    const length = sizes.reduce((product, size) => product * size, 1)
    const steps = random.shuffle(Array.from({ length: (high - low) * 64 - 1 }, (_, step) => step))
    const data = Float64Array.from({ length }, (_, at) => {
      const step = steps[at % steps.length] as number
      return low + (step + 0.5) / 64 + Math.floor(at / steps.length) / 4096
    })
    return { type: 'float64', dims: sizes, data }
  })
}

/** The loss, a weighted sum of all results, with its gradients by every input. */
async function differentiate(
  engine: Engine,
  type: Floating,
  checked: GradientCase,
  withGradients: boolean,
) {
  const graph = createGraph()
  const inputs = checked.dims.map((sizes, position) =>
    graph.input(`in${position}`, type, checked.symbolic ? sizes.map(sizeName) : sizes),
  )
  const result = checked.build(inputs, graph)
  const weights = graph.input('weights', type, result.shape)
  const loss = reduceSum(mul(result, weights))
  graph.output('result', result)
  graph.output('loss', loss)
  if (withGradients) {
    gradients({ loss, parameters: inputs }).forEach((gradient, position) => {
      graph.output(`gradient${position}`, gradient)
    })
  }
  return engine.open(graph.toBytes())
}

const toType = (type: Floating, { dims, data }: FloatTensor): Tensor =>
  type === 'float32'
    ? { type, dims, data: Float32Array.from(data) }
    : { type, dims, data: Float64Array.from(data) }

function feedsOf(type: Floating, tensors: readonly FloatTensor[], weights: FloatTensor) {
  const entries = tensors.map((tensor, position) => [`in${position}`, toType(type, tensor)])
  return { ...Object.fromEntries(entries), weights: toType(type, weights) }
}

/** The gradients by all inputs by central differences, and how to compute them in either type. */
export async function prepareComparison(engine: Engine, checked: GradientCase, seed: number) {
  const tensors = randomTensors(checked, seed)
  const dims = await resultDims(engine, checked, tensors)
  const [weights] = randomTensors({ dims: [dims], build: checked.build }, seed + 1) as [FloatTensor]
  const run = async (type: Floating) => {
    const session = await differentiate(engine, type, checked, true)
    const results = await session.run(feedsOf(type, tensors, weights))
    await session.close()
    return tensors.map((_, position) => results[`gradient${position}`] as FloatTensor)
  }
  const differences = await centralDifferences(engine, checked, tensors, weights)
  return { tensors, differences, gradientsIn: run }
}

async function resultDims(engine: Engine, checked: GradientCase, tensors: FloatTensor[]) {
  const graph = createGraph()
  const inputs = tensors.map(({ dims }, at) => graph.input(`in${at}`, 'float64', dims))
  graph.output('result', checked.build(inputs, graph))
  const session = await engine.open(graph.toBytes())
  const feeds = tensors.map((tensor, at) => [`in${at}`, toType('float64', tensor)])
  const { result } = await session.run(Object.fromEntries(feeds))
  await session.close()
  return (result as Tensor).dims
}

async function centralDifferences(
  engine: Engine,
  checked: GradientCase,
  tensors: readonly FloatTensor[],
  weights: FloatTensor,
): Promise<Float64Array[]> {
  const step = 2 ** -16
  const session = await differentiate(engine, 'float64', checked, false)
  const lossAt = async (position: number, element: number, shift: number) => {
    const feeds = feedsOf('float64', tensors, weights)
    const data = feeds[`in${position}`]?.data as Float64Array
    data[element] = (data[element] as number) + shift
    const { loss } = await session.run(feeds, { outputs: ['loss'] })
    return (loss as FloatTensor).data[0] as number
  }
  const differences: Float64Array[] = []
  for (const [position, { data }] of tensors.entries()) {
    const slopes = new Float64Array(data.length)
    for (let element = 0; element < data.length; element += 1) {
      const [above, below] = await Promise.all([
        lossAt(position, element, step),
        lossAt(position, element, -step),
      ])
      slopes[element] = (above - below) / (2 * step)
    }
    differences.push(slopes)
  }
  await session.close()
  return differences
}

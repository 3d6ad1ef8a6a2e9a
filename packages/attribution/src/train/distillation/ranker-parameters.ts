import { createRandom, type Random, type Tensor } from '@assay/core'
import {
  createDistilledRanker,
  type DistilledRankerParts,
} from '../../gradients/distillation/create-distilled-ranker.js'
import type { DistilledRanker } from '../../gradients/distillation/distilled-ranker.js'
import { filledTensor } from '../filled-tensor.js'

/** Sizes of a ranker. */
export interface RankerShape {
  /** Features, then the outputs of each layer. */
  readonly sizes: readonly number[]
  readonly normalizeInputs: boolean
  /** `a` before training. */
  readonly initialScale: number
}

export type RankerParameters = Readonly<Record<string, Tensor>>

const vector = (length: number, value: number) => filledTensor('float32', [length], () => value)

/** Weights of a layer: uniform within ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010, equation 16), and
 *  biases within ±1/√inputs, as PyTorch begins. */
function layerParameters(
  layer: number,
  [inputs, outputs]: readonly [number, number],
  random: Random,
) {
  const uniform = (reach: number) => () => (2 * random.uniform() - 1) * reach
  return {
    [`layers.${layer}.weight`]: filledTensor(
      'float32',
      [outputs, inputs],
      uniform(Math.sqrt(6 / (inputs + outputs))),
    ),
    [`layers.${layer}.bias`]: filledTensor('float32', [outputs], uniform(1 / Math.sqrt(inputs))),
  }
}

/** Parameters before training: c = 0 and random layers. */
export function initialRanker(
  { sizes, normalizeInputs, initialScale }: RankerShape,
  seed: number | string,
): RankerParameters {
  const random = createRandom(seed).fork('initial weights')
  const columns = sizes[0] ?? 1
  const layers = sizes
    .slice(1)
    .map((outputs, layer) => layerParameters(layer, [sizes[layer] ?? 1, outputs], random))
  return Object.assign(
    { scale: vector(1, initialScale), offset: vector(1, 0) },
    normalizeInputs && { 'input.scale': vector(columns, 1), 'input.shift': vector(columns, 0) },
    ...layers,
  )
}

/** Parameters of a ranker, to go on training. */
export function parametersOf(ranker: DistilledRanker): RankerParameters {
  const tensor = (dims: readonly number[], data: Float32Array): Tensor => ({
    type: 'float32',
    dims,
    data,
  })
  const { inputNormalization: input, layers, scale, offset } = ranker
  const { columns } = ranker.expects
  return Object.assign(
    { scale: vector(1, scale), offset: vector(1, offset) },
    input && {
      'input.scale': tensor([columns], input.scale),
      'input.shift': tensor([columns], input.shift),
    },
    ...layers.map(({ weight, bias, inputs, outputs }, layer) => ({
      [`layers.${layer}.weight`]: tensor([outputs, inputs], weight),
      [`layers.${layer}.bias`]: tensor([outputs], bias),
    })),
  )
}

/** The ranker of some parameters. */
export function rankerOf(
  parameters: RankerParameters,
  expects: DistilledRankerParts['expects'],
): Promise<DistilledRanker> {
  const values = (name: string) => Float32Array.from(parameters[name]?.data as Float32Array)
  const layers: DistilledRanker['layers'][number][] = []
  for (let layer = 0; parameters[`layers.${layer}.weight`]; layer++) {
    const [outputs = 0, inputs = 0] = parameters[`layers.${layer}.weight`]?.dims ?? []
    const [weight, bias] = [values(`layers.${layer}.weight`), values(`layers.${layer}.bias`)]
    layers.push({ inputs, outputs, weight, bias })
  }
  const inputNormalization = parameters['input.scale']
    ? { scale: values('input.scale'), shift: values('input.shift') }
    : null
  const [scale = 1, offset = 0] = [values('scale')[0], values('offset')[0]]
  return createDistilledRanker({ expects, inputNormalization, layers, scale, offset })
}

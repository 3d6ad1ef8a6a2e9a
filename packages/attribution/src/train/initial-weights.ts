import type { Random, Tensor } from '@assay/core'
import type { FeatureMap } from '../head/feature-map.js'
import { filledTensor, identityTensor } from './filled-tensor.js'

/** Sizes of an MLP. */
export interface MlpSizes {
  /** Outputs of each layer but the last. */
  readonly hidden: number
  /** Outputs of the last layer. */
  readonly output: number
  readonly layers: number
}

/** What a map is before training. */
export interface InitialWeightsOptions {
  readonly form: FeatureMap['form']
  readonly columns: number
  readonly mlp: MlpSizes
  readonly type: 'float32' | 'float64'
  readonly random: Random
}

/**
 * Weights of a map before training, by the names of `weightsOf`. Linear and channel maps begin as the
 * identity, so that training begins at the scores of the features themselves. Those of an MLP are
 * uniform within ±1/√inputs, as PyTorch begins, since no MLP with a normalisation is the identity.
 */
export function initialWeights(options: InitialWeightsOptions): Record<string, Tensor> {
  const { form, columns, type } = options
  switch (form) {
    case 'linear':
      return {
        weight: identityTensor(type, columns),
        bias: filledTensor(type, [columns], () => 0),
      }
    case 'channel':
      return { scale: filledTensor(type, [columns], () => 1) }
    case 'mlp':
      return mlpWeights(options)
  }
}

function mlpWeights({ columns, mlp, type, random }: InitialWeightsOptions) {
  const weights: Record<string, Tensor> = {}
  let inputs = columns
  for (let layer = 0; layer < mlp.layers; layer++) {
    const isLast = layer === mlp.layers - 1
    const outputs = isLast ? mlp.output : mlp.hidden
    const reach = 1 / Math.sqrt(inputs)
    const drawn = () => (2 * random.uniform() - 1) * reach
    weights[`layers.${layer}.weight`] = filledTensor(type, [outputs, inputs], drawn)
    if (!isLast) {
      weights[`layers.${layer}.scale`] = filledTensor(type, [outputs], () => 1)
      weights[`layers.${layer}.shift`] = filledTensor(type, [outputs], () => 0)
    }
    inputs = outputs
  }
  return weights
}

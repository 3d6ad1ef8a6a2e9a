import {
  add,
  cast,
  type GraphValue,
  gemm,
  l2Normalize,
  mul,
  reduceMean,
  reduceSum,
  sub,
} from '@assay/tensor/graph'
import { layerNorm, relu, softplus } from '@assay/tensor/neural'
import type { LossContext } from '@assay/tensor/train'
import { layerNormEpsilon } from '../../gradients/distillation/embed-for-ranking.js'

/** A layer's values after it, given those before: where dropout is applied. */
type AfterHidden = (values: GraphValue, layer: number) => GraphValue

type Values = Readonly<Record<string, GraphValue>>

/** Writes a ranker's network over rows of features, up to unit vectors. */
function embedded(features: GraphValue, parameters: Values, afterHidden: AfterHidden): GraphValue {
  const { 'input.scale': scale, 'input.shift': bias } = parameters
  const options = { scale, bias, epsilon: layerNormEpsilon }
  let values = scale && bias ? layerNorm(features, { ...options, scale, bias }) : features
  for (let layer = 0; ; layer++) {
    const { [`layers.${layer}.weight`]: weight, [`layers.${layer}.bias`]: shift } = parameters
    if (!weight || !shift) return l2Normalize(values)
    if (layer > 0) values = afterHidden(relu(values), layer - 1)
    values = gemm(values, weight, { transposeB: true, bias: shift })
  }
}

/** Which of a pair. */
export type PairSide = 'query' | 'item'

/** Name under which a batch tells which outputs of a hidden layer are kept. */
export const maskName = (side: PairSide, layer: number): string => `${side}.keep.${layer}`

/**
 * The loss of `distillationLoss` over a batch of queries, items and targets: the mean of softplus(x) − x y.
 * Where a batch has masks, kept outputs of hidden layers are raised by 1 / (1 − dropout) and the others are
 * left out (Srivastava et al. 2014, "Dropout", section 4, in the form that leaves inference as it is).
 */
export const rankerLoss =
  (dropout: number) =>
  ({ parameters, batch }: LossContext): GraphValue => {
    const side = (name: PairSide) =>
      embedded(named(batch, name), parameters, (values, layer) => {
        const mask = batch[maskName(name, layer)]
        return mask ? mul(values, mul(cast(mask, 'float32'), 1 / (1 - dropout))) : values
      })
    const cosines = reduceSum(mul(side('query'), side('item')), { axes: [1] })
    const logits = add(mul(cosines, named(parameters, 'scale')), named(parameters, 'offset'))
    return reduceMean(sub(softplus(logits), mul(logits, named(batch, 'target'))))
  }

const named = (values: Values, name: string): GraphValue => values[name] as GraphValue

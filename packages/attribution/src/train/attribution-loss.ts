import {
  add,
  concat,
  div,
  type GraphValue,
  gemm,
  l2Normalize,
  mul,
  reduceL2,
  reduceMean,
  reduceSum,
  sub,
} from '@assay/tensor/graph'
import { logSoftmax } from '@assay/tensor/neural'
import { infoNce } from '@assay/tensor/train'
import type { FeatureMap } from '../head/feature-map.js'
import { filledTensor, identityTensor } from './filled-tensor.js'
import { type MapValues, mapGraph } from './map-graph.js'

/** What holds the maps near a rotation, which changes no score (M is W, or the diagonal of a channel map). */
export type Regulariser =
  /** ‖MᵀM − I‖, the Frobenius norm; its gradient at the identity is 0. */
  | 'orthogonal'
  /** ‖MᵀM − I‖². */
  | 'orthogonal-squared'
  /** ‖M − I‖². */
  | 'identity'
  | 'none'

/** What the loss of a head is made from. */
export interface AttributionLossSettings {
  readonly form: FeatureMap['form']
  /** What cosines are divided by. */
  readonly temperature: number
  /** Whether real pictures must find their synthetic ones too, or only the other way. */
  readonly direction: 'both' | 'synthetic-to-real'
  readonly regulariser: Regulariser
  readonly regulariserWeight: number
}

/** The loss of a head over a batch of pairs, and its terms. */
export interface AttributionLossInputs {
  /** Weights of both sides; the same twice for a shared head. */
  readonly real: MapValues
  readonly synthetic: MapValues
  /**
   * Row `i` of `real` belongs to row `i` of `synthetic`; no two rows are of one model. Rows of `pool`
   * are real pictures of no model: wrong for every row.
   */
  readonly batch: {
    readonly real: GraphValue
    readonly synthetic: GraphValue
    readonly pool?: GraphValue
  }
}

/** The loss and its terms, scalars. */
export interface AttributionLoss {
  readonly loss: GraphValue
  readonly contrastive: GraphValue
  /** Before its weight; null without a regulariser. */
  readonly regularisation: GraphValue | null
}

/**
 * `InfoNCE + λ · ½ (R(W) + R(W̃))`: pairs are told from each other by the cosines of their mapped
 * features, and both maps are held near a rotation (Wang et al. 2023, section 4; the regulariser and its
 * weight as in this package's specification, since the paper's could not be verified).
 */
export function attributionLoss(
  { real, synthetic, batch }: AttributionLossInputs,
  settings: AttributionLossSettings,
): AttributionLoss {
  const unit = (x: GraphValue, weights: MapValues) =>
    l2Normalize(mapGraph(x, settings.form, weights).mapped)
  const contrastive = contrast(
    {
      queries: unit(batch.synthetic, synthetic),
      keys: unit(batch.real, real),
      others: batch.pool && unit(batch.pool, real),
    },
    settings,
  )
  const sides = real === synthetic ? [real] : [real, synthetic]
  const terms = sides.flatMap((weights) => regularisationOf(weights, settings))
  const [first, second] = terms
  if (!first) return { loss: contrastive, contrastive, regularisation: null }
  const regularisation = second ? mul(add(first, second), 0.5) : first
  const loss = add(contrastive, mul(regularisation, settings.regulariserWeight))
  return { loss, contrastive, regularisation }
}

interface UnitRows {
  readonly queries: GraphValue
  readonly keys: GraphValue
  readonly others: GraphValue | undefined
}

/** InfoNCE; with others, which are keys of no query, these stand among what each query must tell apart. */
function contrast(
  { queries, keys, others }: UnitRows,
  { temperature, direction }: AttributionLossSettings,
): GraphValue {
  if (!others) {
    const directions = direction === 'both' ? 'both' : 'query-to-key'
    return infoNce(queries, keys, { temperature, directions })
  }
  const all = concat([keys, others], { axis: 0 })
  const logits = gemm(queries, all, { transposeB: true, alpha: 1 / temperature })
  // A logit less the logarithm of its softmax is log Σ exp of its row, whichever of the row it is.
  const logSums = sub(logits, logSoftmax(logits, { axis: 1 }))
  const matches = div(reduceSum(mul(queries, keys), { axes: [1] }), temperature)
  const toReal = sub(reduceMean(logSums), reduceMean(matches))
  if (direction === 'synthetic-to-real') return toReal
  const toSynthetic = infoNce(keys, queries, { temperature, directions: 'query-to-key' })
  return mul(add(toReal, toSynthetic), 0.5)
}

/** The regulariser of one side, or nothing. */
function regularisationOf(
  weights: MapValues,
  { form, regulariser }: AttributionLossSettings,
): GraphValue[] {
  const matrix = form === 'linear' ? weights['weight'] : weights['scale']
  if (regulariser === 'none' || !matrix) return []
  // A channel map is a diagonal matrix, whose entries off the diagonal add nothing to any of these norms.
  const type = matrix.type as 'float32' | 'float64'
  const size = Number(matrix.shape[0])
  const identity = matrix.graph.constant(
    form === 'linear' ? identityTensor(type, size) : filledTensor(type, [size], () => 1),
  )
  if (regulariser === 'identity') return [squares(sub(matrix, identity))]
  const gram = form === 'linear' ? gemm(matrix, matrix, { transposeA: true }) : mul(matrix, matrix)
  const distance = sub(gram, identity)
  return [regulariser === 'orthogonal' ? reduceL2(distance) : squares(distance)]
}

const squares = (a: GraphValue): GraphValue => reduceSum(mul(a, a))

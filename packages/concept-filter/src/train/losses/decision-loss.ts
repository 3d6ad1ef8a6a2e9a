import { sigmoid } from '../../score/sigmoid.js'
import type { LossAndGradient, TuningLoss } from '../tuning-loss.js'
import { rowAt, type UnitRows } from '../unit-rows.js'
import { addScaled, difference, innerProduct } from '../vectors.js'

/** Pictures of one side with what each counts. */
export interface WeightedRows {
  readonly pictures: UnitRows
  readonly weights: Float64Array
}

interface DecisionLossOptions {
  readonly unacceptable: WeightedRows
  readonly acceptable: WeightedRows
  readonly logitScale: number
  /** The margin above which a pair flags. */
  readonly threshold: number
  /** α_tt, how much the distance between the vectors is worth. */
  readonly separation: number
}

/**
 * Two-class cross entropy on the logit that the filter decides by, less the distance of the vectors:
 *
 *   Σ_k w_k ln(1 + exp(-y_k τ (x_k · (c_u - c_a) - threshold))) - α_tt |c_u - c_a|²
 *
 * with y = 1 for unacceptable pictures and -1 for acceptable ones. At a threshold of 0 it is the filter's
 * own decision loss.
 */
export function decisionLoss(options: DecisionLossOptions): TuningLoss {
  const { unacceptable, acceptable, logitScale, threshold, separation } = options
  return (vectors): LossAndGradient => {
    const along = difference(vectors.unacceptable, vectors.acceptable)
    const gradient = along.map((value) => -2 * separation * value)
    let loss = -separation * innerProduct(along, along)
    for (const [{ pictures, weights }, sign] of [
      [unacceptable, 1],
      [acceptable, -1],
    ] as const) {
      for (let row = 0; row < pictures.rows; row += 1) {
        const picture = rowAt(pictures, row)
        const logit = sign * logitScale * (innerProduct(picture, along) - threshold)
        const weight = weights[row]!
        loss += weight * softplus(-logit)
        addScaled(gradient, -weight * sign * logitScale * sigmoid(-logit), picture)
      }
    }
    return {
      loss,
      gradient: { unacceptable: gradient, acceptable: gradient.map((value) => -value) },
    }
  }
}

/** ln(1 + exp(x)), without overflow. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

import { bestScore, type CalibrationScores } from './calibration-scores.js'
import { sharpness, softplusSlope, softplusSurrogate } from './softplus-surrogate.js'

/** A function of inverse temperature t and bias b at a point, with its derivatives there. */
export interface CalibrationLoss {
  readonly value: number
  /** By t and by b. */
  readonly gradient: readonly [number, number]
  /** By t twice, by both, by b twice. */
  readonly curvature: readonly [number, number, number]
}

/** Value, two first and three second derivatives, in the order of {@link CalibrationLoss}. */
const terms = 6

/**
 * The mean loss over queries of a calibration (t, b): with weights
 * `r_j = softplus_100(exp(t (s_j - s_max)) + b)`, a query of E exemplars has
 * `log Σ_j r_j - (1 / E) Σ_exemplars log r_e`, the divergence of its influences from a share of 1 / E
 * for each exemplar, up to a constant.
 *
 * Source: Wang et al. (2023), Evaluating data attribution for text-to-image models (calibration); the
 * derivatives follow by the chain rule.
 */
export function calibrationLoss(
  queries: readonly CalibrationScores[],
  t: number,
  b: number,
): CalibrationLoss {
  const loss = new Float64Array(terms)
  const sum = new Float64Array(terms)
  const weight = new Float64Array(terms)
  for (const query of queries) {
    const { exemplars, others } = query
    const best = bestScore(query)
    sum.fill(0)
    for (let at = 0; at < others.length; at++) {
      surrogateWeight(weight, others[at]! - best, t, b)
      addTo(sum, weight)
    }
    for (let at = 0; at < exemplars.length; at++) {
      surrogateWeight(weight, exemplars[at]! - best, t, b)
      addTo(sum, weight)
      addLogarithm(loss, weight, -1 / exemplars.length)
    }
    addLogarithm(loss, sum, 1)
  }
  const mean = (term: number) => loss[term]! / queries.length
  return {
    value: mean(0),
    gradient: [mean(1), mean(2)],
    curvature: [mean(3), mean(4), mean(5)],
  }
}

/** The weight of an item `distance` (0 or less) from the best score, with its derivatives. */
function surrogateWeight(out: Float64Array, distance: number, t: number, b: number): void {
  const decay = Math.exp(t * distance)
  const slope = softplusSlope(decay + b)
  const bend = sharpness * slope * (1 - slope)
  const byT = decay * distance
  out[0] = softplusSurrogate(decay + b)
  out[1] = slope * byT
  out[2] = slope
  out[3] = bend * byT * byT + slope * byT * distance
  out[4] = bend * byT
  out[5] = bend
}

function addTo(sum: Float64Array, weight: Float64Array): void {
  for (let term = 0; term < terms; term++) sum[term]! += weight[term]!
}

/** Adds `factor * log(value)` with its derivatives. */
function addLogarithm(loss: Float64Array, of: Float64Array, factor: number): void {
  const value = of[0]!
  const byT = of[1]! / value
  const byB = of[2]! / value
  loss[0]! += factor * Math.log(value)
  loss[1]! += factor * byT
  loss[2]! += factor * byB
  loss[3]! += factor * (of[3]! / value - byT * byT)
  loss[4]! += factor * (of[4]! / value - byT * byB)
  loss[5]! += factor * (of[5]! / value - byB * byB)
}

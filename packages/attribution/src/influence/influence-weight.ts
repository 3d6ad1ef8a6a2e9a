import type { Calibration } from '../calibration/calibration.js'

/**
 * What an item of a score weighs beside the best: `max(0, exp(t (s - s_max)) + b)`, from 0 to 1 + b.
 * Its influence is its share of all weights.
 *
 * Source: Wang et al. (2023), Evaluating data attribution for text-to-image models (soft influence).
 */
export function influenceWeight(
  score: number,
  bestScore: number,
  { inverseTemperature, bias }: Pick<Calibration, 'inverseTemperature' | 'bias'>,
): number {
  return Math.max(0, Math.exp(inverseTemperature * (score - bestScore)) + bias)
}

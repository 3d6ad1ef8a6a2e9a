import { assertCalibration, type Calibration } from '../calibration/calibration.js'

/**
 * The score at or below which an item has no influence: `s_max - ln(1 / |b|) / t`, relative to the best
 * match and not absolute. Minus infinity where b >= 0, since then every item has some.
 *
 * @throws AssayError `INVALID_ARGUMENT` (b <= -1, t <= 0)
 *
 * Source: {@link influenceWeight}, solved for 0.
 */
export function influenceThreshold(
  bestScore: number,
  calibration: Pick<Calibration, 'inverseTemperature' | 'bias'>,
): number {
  assertCalibration(calibration)
  const { inverseTemperature, bias } = calibration
  if (bias >= 0) return Number.NEGATIVE_INFINITY
  return bestScore + Math.log(-bias) / inverseTemperature
}

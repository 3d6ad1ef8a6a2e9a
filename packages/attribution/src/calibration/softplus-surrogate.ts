/** How sharply the surrogate bends. */
export const sharpness = 100

/**
 * `log(1 + exp(100 x)) / 100`, which takes the place of `max(0, x)` while a calibration is fitted: it
 * has a gradient everywhere, and its logarithm is finite.
 */
export function softplusSurrogate(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-sharpness * Math.abs(x))) / sharpness
}

/** The derivative of the surrogate: `1 / (1 + exp(-100 x))`. */
export function softplusSlope(x: number): number {
  return 1 / (1 + Math.exp(-sharpness * x))
}

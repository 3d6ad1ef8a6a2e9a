import type { Level } from './step-update.js'

/** The level a x0 + sqrt(1 - a²) e, whose states have unit variance where the pictures have. */
export const unitLevel = (signal: number): Level => ({
  signalCoefficient: signal,
  noiseCoefficient: Math.sqrt(1 - signal ** 2),
})

/** The same for s / a = sigma. */
export const unitLevelOfSigma = (sigma: number): Level => ({
  signalCoefficient: 1 / Math.hypot(1, sigma),
  noiseCoefficient: sigma / Math.hypot(1, sigma),
})

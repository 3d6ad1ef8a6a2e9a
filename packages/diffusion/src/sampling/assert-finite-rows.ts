import { AssayError } from '@assay/core'
import type { FloatArray } from './float-array.js'

/** Where values came from. */
export interface PredictionOrigin {
  /** Who gave them, for instance `The denoiser`. */
  readonly source: string
  /** Model call, from 0. */
  readonly index: number
  readonly timestep: number
  /** One a row. */
  readonly seeds: readonly number[]
}

/**
 * @param values one row a seed
 * @throws AssayError `NOT_FINITE`, which names the model call and the picture
 */
export function assertFiniteRows(values: FloatArray, origin: PredictionOrigin): void {
  // x - x is 0 for a number and NaN for all else, and a NaN stays in a sum.
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]! - values[at]!
  if (sum === 0) return
  const at = values.findIndex((value) => !Number.isFinite(value))
  const row = Math.floor((at * origin.seeds.length) / values.length)
  const seed = origin.seeds[row]
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `${origin.source} gave ${values[at]} at model call ${origin.index} (timestep ${origin.timestep}) for sample ${row} (seed ${seed}).`,
    value: values[at],
    remedy:
      'Use a model in float32, a smaller guidance scale or another sampler; a model that always does this is broken.',
    location: { row, id: String(seed) },
  })
}

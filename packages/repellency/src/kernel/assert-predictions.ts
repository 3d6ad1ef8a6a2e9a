import { AssayError } from '@assay/core'
import { assertRadius } from './assert-radius.js'
import type { RepelPredictionOptions } from './repel.js'

/**
 * Refuses what is in no shield by any comparison, and would go on unshielded: predictions that are no
 * numbers or have other dimensions than the references, and radii that are not above 0 or beyond
 * float32.
 *
 * @throws AssayError `NOT_FINITE`, `SHAPE_MISMATCH`, `INVALID_ARGUMENT`
 */
export function assertPredictions(
  predictions: readonly Float64Array[],
  seeds: readonly number[],
  { references: { size, dimensions }, radius }: RepelPredictionOptions,
): void {
  assertRadius(radius)
  for (const [row, prediction] of predictions.entries()) {
    const seed = seeds[row] ?? row
    const location = { row, id: String(seed) }
    if (size > 0 && prediction.length !== dimensions) {
      throw new AssayError({
        code: 'SHAPE_MISMATCH',
        message: `References of ${dimensions} numbers cannot shield predictions of ${prediction.length}.`,
        value: prediction.length,
        remedy:
          "Give references in the sampler's own space: its latents, with their scale and shift.",
        location,
      })
    }
    const at = prediction.findIndex((value) => !Number.isFinite(value))
    if (at < 0) continue
    throw new AssayError({
      code: 'NOT_FINITE',
      message: `The prediction of seed ${seed} holds ${prediction[at]} at ${at}.`,
      value: prediction[at],
      remedy: 'Mend the denoiser: what is no number cannot be kept out of a shield.',
      location,
    })
  }
}

import { AssayError } from '@assay/core'
import { averageOverModels, type GradientMethod } from './average-over-models.js'
import type { GradientScores, GradientScoresOptions } from './gradient-scores.js'
import type { GradientModel } from './gradient-set.js'

/** The mean over models of Q, one a training picture. */
function meanOutputToLoss(models: readonly GradientModel[]): Float64Array {
  const mean = new Float64Array(models[0]?.train.rows.rows ?? 0)
  for (const { id, outputToLoss } of models) {
    if (!outputToLoss) throw missing(id)
    for (let row = 0; row < mean.length; row++) {
      mean[row] = mean[row]! + outputToLoss[row]! / models.length
    }
  }
  return mean
}

const missing = (id: string) =>
  new AssayError({
    code: 'MISSING_INPUT',
    message: `Model ${id} has no outputToLoss, by which TRAK weighs training pictures.`,
    value: id,
    remedy: 'Give it (out_to_loss of the TRAK library), or use dTrakScores, which goes without.',
  })

/** TRAK as a method. */
export const trak: GradientMethod = {
  term: (_, { kernel }) => kernel.data,
  weights: meanOutputToLoss,
}

/**
 * TRAK: τ(z, i) = mean over models of φ(z)ᵀ (Φᵀ Φ + λI)⁻¹ φ(zᵢ), times the mean over models of Q(i)
 * (Park et al. 2023, "TRAK: attributing model behavior at scale", section 3; λ as in D-TRAK). The authors'
 * library also divides each inverse by the mean of its absolute values; that changes no ranking by one
 * model, and is not done here.
 *
 * @throws AssayError `NOT_POSITIVE_DEFINITE` (λ too small for these gradients), `NOT_FINITE` with row and
 *   id, `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH` (differently projected gradients), `MISSING_INPUT`,
 *   `DUPLICATE_ID`, `EMPTY_INPUT`, `INVALID_ARGUMENT`, `ABORTED`, and what reading a file throws
 */
export const trakScores = (options: GradientScoresOptions): Promise<GradientScores> =>
  averageOverModels(options, trak)

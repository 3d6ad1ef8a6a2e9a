import { AssayError } from '@assay/core'
import { averageOverModels, type GradientMethod, scaleColumns } from './average-over-models.js'
import type { GradientScores, GradientScoresOptions } from './gradient-scores.js'
import type { GradientModel } from './gradient-set.js'

/** Which form of DAS is computed. */
export interface DasForm {
  /**
   * Whether each training picture's share is divided by 1 − leverage, as leaving it out exactly would.
   * Default: false.
   */
  readonly leverage?: boolean
  /** Whether scores are squared: how much an output changes, in either direction. Default: true. */
  readonly squared?: boolean
}

const missing = (id: string) =>
  new AssayError({
    code: 'MISSING_INPUT',
    message: `Model ${id} has no residuals, by which DAS weighs training pictures.`,
    value: id,
    remedy: 'Give the mean error of the noise prediction for each training picture.',
  })

function residualsOf({ id, residuals }: GradientModel, unexplained: Float64Array | null) {
  if (!residuals) throw missing(id)
  return Float64Array.from(residuals, (residual, row) => residual / (unexplained?.[row] ?? 1))
}

/** A form of DAS as a method. */
export const das = ({ leverage = false, squared = true }: DasForm): GradientMethod => ({
  leverage,
  term: (model, { kernel, unexplained }) => {
    const terms = scaleColumns(kernel.data, residualsOf(model, unexplained))
    return squared ? terms.map((value) => value ** 2) : terms
  },
})

/**
 * DAS: τ(z, i) = mean over models of (φ(z)ᵀ (Φᵀ Φ + λI)⁻¹ φ(zᵢ) rᵢ / (1 − hᵢ))², where r is the residual of
 * the noise prediction and h the leverage, over gradients of the noise prediction that were made unit
 * vectors timestep by timestep (`averageTimesteps`) (Lin et al. 2025, "Diffusion attribution score:
 * evaluating training data influence in diffusion models"). With leverage, λ = 0 and without the square it
 * is, for a linear model, exactly what leaving out a training example changes in its prediction.
 *
 * @throws AssayError `MISSING_INPUT` (residuals), `NOT_POSITIVE_DEFINITE` also where a leverage is 1, and as
 *   `trakScores` does
 */
export const dasScores = (options: GradientScoresOptions & DasForm): Promise<GradientScores> =>
  averageOverModels(options, das(options))

import { averageOverModels, type GradientMethod } from './average-over-models.js'
import type { GradientScores, GradientScoresOptions } from './gradient-scores.js'

/** D-TRAK as a method. */
export const dTrak: GradientMethod = { term: (_, { kernel }) => kernel.data }

/**
 * D-TRAK: τ(z, i) = mean over models of φ(z)ᵀ (Φᵀ Φ + λI)⁻¹ φ(zᵢ), the kernel of TRAK without its weights
 * Q, over gradients of the squared norm of the model's output in place of the loss (Zheng et al. 2024,
 * "Intriguing properties of data attribution on diffusion models"). `outputToLoss` is not used.
 *
 * @throws AssayError as `trakScores` does
 */
export const dTrakScores = (options: GradientScoresOptions): Promise<GradientScores> =>
  averageOverModels(options, dTrak)

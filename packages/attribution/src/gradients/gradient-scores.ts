import type { GradientModel, GradientWarning } from './gradient-set.js'
import type { KernelForm } from './kernel/gram-kernel.js'
import type { MatrixProducts } from './products/matrix-products.js'
import type { ScoreMatrix } from './score-matrix.js'

/** What gradient scores are made from. */
export interface GradientScoresOptions {
  /** At least one; all of the same pictures and one projection. */
  readonly models: readonly GradientModel[]
  /**
   * λ, added to the eigenvalues of the kernel, at least 0. Default: a thousandth of the mean eigenvalue,
   * model by model. TRAK's library divides gradients by the square root of the number p of the model's
   * parameters: its λ is ours divided by p.
   */
  readonly lambda?: number
  /** Which form is solved. Default: the one with the smaller system. */
  readonly form?: KernelForm
  /** What multiplies. Default: plain JavaScript; `engineProducts` is many times faster. */
  readonly products?: MatrixProducts
  readonly signal?: AbortSignal
}

/** Scores, and what was done to reach them. */
export interface GradientScores {
  /** The larger, the more a training picture speeds the query's output; negative where it opposes it. */
  readonly scores: ScoreMatrix
  /** Form and lambda of each model, in the models' order. */
  readonly models: readonly {
    readonly id: string
    readonly form: KernelForm
    readonly lambda: number
  }[]
  readonly warnings: readonly GradientWarning[]
}

import type { FloatImage } from '../pixels/float-image.js'
import type { ScorePictures } from '../score/score-pictures.js'
import type { PerturbationNorm } from './perturbation.js'

/** What every attack is limited by. */
export interface AttackLimits {
  /**
   * Largest change that counts. With a radius the attack ends at the first change of the decision within it;
   * without one it looks for the nearest, and may use its whole budget. Default: none.
   */
  readonly radius?: number
  /** Queries at most; a batch that would go past it is not asked. Default: 5000 */
  readonly budget?: number
  /** Default: 0 */
  readonly seed?: number | string
  /** Halvings of the line between the picture and what was found, to come nearer. Default: 20 */
  readonly refinements?: number
  readonly signal?: AbortSignal
}

/** What every attack on pixels is told. */
export interface PixelAttackLimits extends AttackLimits {
  readonly picture: FloatImage
  /** Default: `l2` */
  readonly norm?: PerturbationNorm
  /**
   * Whether what is tried is rounded to 8 bits, so that what is found can be kept in a file and is as far
   * away as reported: to the nearest values, or towards the picture where those would leave the radius.
   * Default: false
   */
  readonly eightBit?: boolean
}

/** What an attack by queries is told: it sees scores and nothing else. */
export interface QueryAttackOptions extends PixelAttackLimits {
  /** The target; {@link pipelineScore} makes one of an encoder and a filter. */
  readonly score: ScorePictures
}

import type { ScorePictures } from '../score/score-pictures.js'
import type { PixelAttackLimits } from '../search/attack-options.js'
import type { AttackResult } from '../search/attack-result.js'
import { type DescentOptions, descend } from '../search/descend.js'
import { startPictureRun } from '../search/picture-run.js'
import type { GradientProvider } from './gradient-provider.js'

/** How a white-box attack goes. */
export interface PgdAttackOptions extends PixelAttackLimits, DescentOptions {
  readonly gradients: GradientProvider
  /**
   * The deployed filter, where it does more than the gradients know of (8-bit rounding, resizing, another
   * runtime): then it alone decides what succeeds, and its queries count too. Default: the gradients' score
   */
  readonly score?: ScorePictures
}

/**
 * Projected gradient descent on the score itself, which for two classes is the margin loss. With a radius it
 * asks whether any change within it turns the decision; without one it halves the radius until no smaller
 * one works. A gradient or a score is one query each.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `IMAGE_CORRUPT`, `NOT_FINITE` (a score), `ABORTED`, and what the
 *   gradients throw
 *
 * Source: Madry, Makelov, Schmidt, Tsipras and Vladu (2018), Towards deep learning models resistant to
 * adversarial attacks; the margin as loss: Carlini and Wagner (2017).
 */
export async function pgdAttack(options: PgdAttackOptions): Promise<AttackResult> {
  const { gradients, picture, signal } = options
  const { width, height } = picture
  const gradient = (data: Float64Array) =>
    gradients.scoreAndGradient({ width, height, data }, signal ? { signal } : {})
  const ownScore: ScorePictures = async (pictures) => {
    const scores = []
    for (const { data } of pictures) scores.push((await gradient(data)).score)
    return scores
  }
  const run = await startPictureRun(options, options.score ?? ownScore)
  const target = { gradient, asks: options.score !== undefined }
  const outcome = await descend(run, target, options)
  return run.result(outcome === 'flat' ? 'no-gradient' : 'exhausted')
}

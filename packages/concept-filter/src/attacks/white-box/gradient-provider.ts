import type { FloatImage } from '../pixels/float-image.js'
import type { ScoreGradient } from '../score/embedding-score.js'

/** A filter whose gradient by the pixels is known: what a white-box attack needs. */
export interface GradientProvider {
  /**
   * The score, above 0 where flagged, and its gradient by the pixel values in [0, 1], in the layout of the
   * picture; whatever the model does to pixel values first is part of it.
   */
  scoreAndGradient(
    picture: FloatImage,
    options?: { readonly signal?: AbortSignal },
  ): ScoreGradient | Promise<ScoreGradient>
}

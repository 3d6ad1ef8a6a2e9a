import type { FloatImage } from '../pixels/float-image.js'

/**
 * A filter as an attacker sees it: one score a picture, above 0 where the picture is flagged and not above
 * it where it passes. For a concept filter the margin less its threshold; for any other the score less its
 * threshold.
 */
export type ScorePictures = (
  pictures: readonly FloatImage[],
  options?: { readonly signal?: AbortSignal },
) => ArrayLike<number> | Promise<ArrayLike<number>>

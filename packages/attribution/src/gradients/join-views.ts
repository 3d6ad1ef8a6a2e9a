import { AssayError } from '@assay/core'

/** How the scores of a picture and of its mirror image become one. */
export type ViewsRule = 'max' | 'mean'

/**
 * One score of two views each: of the picture and of its mirror image (Wang et al. 2024, "Data attribution
 * for text-to-image models by unlearning synthesized images", appendix B.4, for all methods alike).
 *
 * @param views scores of the pictures, and of their mirror images in the same order
 * @param rule Default: `max`
 * @throws AssayError `SHAPE_MISMATCH`
 */
export function joinViews(
  [pictures, mirrored]: readonly [Float64Array, Float64Array],
  rule: ViewsRule = 'max',
): Float64Array {
  if (pictures.length !== mirrored.length) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `There are ${pictures.length} scores of pictures and ${mirrored.length} of their mirror images.`,
      value: [pictures.length, mirrored.length],
      remedy: 'Score the mirror image of each picture, in the same order.',
    })
  }
  return pictures.map((score, at) => {
    const other = mirrored[at]!
    return rule === 'max' ? Math.max(score, other) : (score + other) / 2
  })
}

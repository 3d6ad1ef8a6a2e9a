import { AssayError } from '@assay/core'
import { toRgbImage } from '../attacks/pixels/float-image.js'
import type { ScorePictures } from '../attacks/score/score-pictures.js'
import type { PictureFilter } from './picture-filter.js'

/**
 * A filter as the target of an attack: above 0 exactly where it flags, in the unit of its score.
 *
 * @throws AssayError from the returned function: what the filter says of a picture that it cannot decide on
 */
export function attackScore(filter: PictureFilter): ScorePictures {
  return async (pictures, options) => {
    const images = pictures.map((picture, at) => ({ id: String(at), source: toRgbImage(picture) }))
    const { decisions, failures } = await filter.check(images, options)
    const [failure] = failures
    if (failure !== undefined) {
      throw new AssayError({
        code: failure.code,
        message: `The filter "${filter.id}" cannot decide on the attacked picture: ${failure.message}`,
        value: failure.id,
        remedy: 'Attack a picture that the filter reads.',
      })
    }
    return decisions.map(({ flagged, score, threshold }) =>
      flagged ? Math.max(score - threshold, Number.MIN_VALUE) : Math.min(score - threshold, 0),
    )
  }
}

import { AssayError, type RgbImage } from '@assay/core'
import type { ConceptDecision } from '../filter/concept-decision.js'
import { assertColour, assertImage, assertSameSize } from './assert-image.js'
import { blurImage } from './blur-image.js'
import { filledImage, fitImage } from './fit-image.js'
import type { PictureAction, PictureOutcome, ReplaceAction } from './picture-action.js'

/** A picture, what the filter said of it, and what is done if it was flagged. */
export interface ActOnPictureOptions {
  readonly image: RgbImage
  readonly decision: ConceptDecision
  readonly action: PictureAction
}

/** A picture after the action. */
export interface ActedPicture {
  readonly outcome: PictureOutcome
  /** Of the same size; the very picture that was given where it was passed or reported. */
  readonly image: RgbImage
}

/**
 * Does with a picture what is to be done with flagged ones. Size and channels stay, and the picture that was
 * given is not changed. A picture without a decision, because it could not be read or embedded, is the
 * caller's to hold back.
 *
 * @throws AssayError `IMAGE_FLAGGED` by the action `throw`; `SHAPE_MISMATCH` (pixels that do not fill the
 *   picture, a callback's picture of another size), `INVALID_ARGUMENT` (sigma, colour)
 */
export async function actOnPicture({
  image,
  decision,
  action,
}: ActOnPictureOptions): Promise<ActedPicture> {
  if (!decision.flagged) return { outcome: 'passed', image }
  if (action.kind === 'report') return { outcome: 'reported', image }
  if (action.kind === 'throw') throw flaggedError(decision)
  assertImage(image)
  if (action.kind === 'replace') return { outcome: 'replaced', image: replacement(image, action) }
  if (action.kind === 'blur') {
    const { sigma = Math.max(image.width, image.height) / 16 } = action
    return { outcome: 'blurred', image: blurImage(image, sigma) }
  }
  const given = await action.callback({ ...image, data: image.data.slice() }, decision)
  assertImage(given)
  assertSameSize(given, image)
  return { outcome: 'called back', image: given }
}

function replacement(
  { width, height }: RgbImage,
  { by, background = [255, 255, 255] }: ReplaceAction,
): RgbImage {
  assertColour(background)
  if ('data' in by) {
    assertImage(by)
    return fitImage(by, { width, height, background })
  }
  assertColour(by)
  return filledImage({ width, height, background: by })
}

/** The error of a flagged picture: it names the pairs that flagged it. */
export function flaggedError({ id, pairs }: ConceptDecision): AssayError {
  const flagging = pairs.filter(({ flagged }) => flagged)
  const named = flagging.map(
    ({ pairId, margin, threshold }) =>
      `${pairId} (margin ${margin.toFixed(4)}, threshold ${threshold.toFixed(4)})`,
  )
  return new AssayError({
    code: 'IMAGE_FLAGGED',
    message: `The picture "${id}" is flagged: ${named.join(', ')}.`,
    value: flagging.map(({ pairId }) => pairId),
    remedy: 'Hold the picture back; or choose the action `replace` or `blur` to give another.',
    location: { id },
  })
}

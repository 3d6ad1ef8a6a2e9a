import type { RgbImage } from '@assay/core'
import type { ConceptDecision } from '../filter/concept-decision.js'

/** Red, green and blue, each 0 to 255. */
export type RgbColour = readonly [red: number, green: number, blue: number]

/** Keeps a flagged picture as it is; the decision alone tells. */
export interface ReportAction {
  readonly kind: 'report'
}

/** Puts something else in place of a flagged picture, in its size. */
export interface ReplaceAction {
  readonly kind: 'replace'
  /** One colour; or a picture, shown whole, as large as fits, in the middle. */
  readonly by: RgbColour | RgbImage
  /** What lies around a picture of another shape. Default: white. */
  readonly background?: RgbColour
}

/**
 * Blurs a flagged picture. Colours and composition stay, and a small blur can be undone: a courtesy to who
 * looks, not a protection from who wants to see.
 */
export interface BlurAction {
  readonly kind: 'blur'
  /** Standard deviation in pixels, above 0. Default: a sixteenth of the longer side. */
  readonly sigma?: number
}

/** Throws an AssayError `IMAGE_FLAGGED` instead of giving a flagged picture. */
export interface ThrowAction {
  readonly kind: 'throw'
}

/** Lets the caller make of a flagged picture what they want. */
export interface CallbackAction {
  readonly kind: 'callback'
  /** Is given a copy of the picture; gives a picture of the same size, which may be that copy. */
  readonly callback: (
    image: RgbImage,
    decision: ConceptDecision,
  ) => RgbImage | PromiseLike<RgbImage>
}

/** What is done with a flagged picture. There is no default: a black picture that says nothing helps nobody. */
export type PictureAction = ReportAction | ReplaceAction | BlurAction | ThrowAction | CallbackAction

/** What became of a picture: it was not flagged, or what the action made of it. */
export type PictureOutcome = 'passed' | 'reported' | 'replaced' | 'blurred' | 'called back'

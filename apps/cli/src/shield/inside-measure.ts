import type { Measure } from '@assay/core'
import { clusteredShare } from '@assay/core/measures'
import { repellencyAudit } from '@assay/repellency/audit'
import type { ComparedPicture } from './nearest-protected.js'

/** Pictures that were compared, and at which radius. */
export interface InsideOptions {
  /** Of pictures with a shield, or of those without. */
  readonly id: 'inside' | 'base-inside'
  readonly compared: readonly ComparedPicture[]
  readonly radius: number
  /** Pictures that could not be compared. */
  readonly missing: number
}

/** Confidence level of intervals. */
const level = 0.95

/** The share of pictures that lie in a shield, with an interval that respects prompts. */
export const insideMeasure = ({ id, compared, radius, missing }: InsideOptions): Measure =>
  clusteredShare(repellencyAudit.meta, {
    ...{ id, missing, level },
    outcomes: compared.map(({ distance }) => distance < radius),
    clusters: compared.map(({ picture }) => picture.prompt ?? picture.id),
  })

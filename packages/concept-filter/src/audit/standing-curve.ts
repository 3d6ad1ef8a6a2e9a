import type { AuditResult } from '@assay/core'
import { clusteredShare } from '@assay/core/measures'
import type { CheckedOutputs } from './concept-filter-measures.js'
import { conceptFilterMeta } from './concept-filter-meta.js'

/** Lengths of noise, as a share of the length of the embedding. */
const LENGTHS = [0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]

/** How many decisions no noise of a length on the embedding can change; nothing is said of pixels. */
export function standingCurve({
  certificates,
  clusters,
  missing,
  level,
}: CheckedOutputs): NonNullable<AuditResult['curves']>[number] {
  const standing = (length: number) =>
    certificates.map(({ relativeRadius }) => (relativeRadius ?? Number.POSITIVE_INFINITY) >= length)
  return {
    id: 'standing',
    title: 'Decisions that noise on the image embedding cannot change',
    axis: 'length of the noise, as a share of the length of the embedding',
    points: LENGTHS.map((at) => ({
      at,
      measure: clusteredShare(conceptFilterMeta, {
        id: 'standing',
        outcomes: standing(at),
        clusters,
        missing,
        level,
      }),
    })),
  }
}

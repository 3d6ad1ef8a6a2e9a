import type { Measure } from '@assay/core'
import type { Calibration } from '../calibration/calibration.js'
import type { AttributionWarning } from './attribution.js'

/** What there may be to warn of. */
export interface AttributionCircumstances {
  /** Queries that could not be judged. */
  readonly failed: number
  /** Matches asked for beyond the size of the pool. */
  readonly missingMatches: number
  /** Pictures of the pool without direction. */
  readonly zeroRows: number
  /** Null for an exact search. */
  readonly approximate: { readonly recall: Measure | null } | null
  readonly poolSize: number
  readonly calibration: Calibration | null
}

/** The warnings that circumstances call for, each with what it counts. */
export function attributionWarnings(circumstances: AttributionCircumstances): AttributionWarning[] {
  const { failed, missingMatches, zeroRows, approximate, poolSize, calibration } = circumstances
  const warnings: AttributionWarning[] = [
    {
      code: 'FAILED_QUERIES',
      count: failed,
      message: 'Outputs without finite features or direction were left out.',
    },
    {
      code: 'K_EXCEEDS_POOL',
      count: missingMatches,
      message: 'More matches were asked for than the pool has pictures.',
    },
    {
      code: 'ZERO_POOL_ROWS',
      count: zeroRows,
      message: 'Pictures of the pool have no direction; they score 0 with everything.',
    },
    {
      code: 'APPROXIMATE_INDEX',
      count: approximate ? poolSize : 0,
      message: `The index may miss pictures (${recallInWords(approximate?.recall)}); then the others' influence is too large.`,
    },
    ...(calibration ? calibrationWarnings(calibration, poolSize) : []),
  ]
  return warnings.filter(({ count }) => count > 0)
}

const recallInWords = (recall: Measure | null | undefined) =>
  typeof recall?.value === 'number'
    ? `${recall.id} ${recall.value.toFixed(3)}`
    : 'its recall was not measured'

function calibrationWarnings(
  { bias, fittedOn }: Calibration,
  poolSize: number,
): AttributionWarning[] {
  const unseen = Math.max(0, poolSize - (fittedOn?.candidates ?? 0))
  const isSuspect = fittedOn !== null && (!fittedOn.converged || fittedOn.atBounds.length > 0)
  return [
    {
      code: 'POSITIVE_BIAS',
      count: bias > 0 ? unseen : 0,
      message:
        'The bias of the calibration is above 0 and the pool is larger than what it was fitted on: each further picture takes influence from the best.',
    },
    {
      code: 'CALIBRATION_SUSPECT',
      count: isSuspect ? 1 : 0,
      message: fittedOn?.converged
        ? `The calibration ended at a bound of its ${fittedOn.atBounds.join(' and ')}.`
        : 'The fit of the calibration did not converge.',
    },
  ]
}

import { AssayError } from '@assay/core'

/** What a calibration was fitted on, and how the fit ended. */
export interface CalibrationProvenance {
  readonly queries: number
  /** True exemplars of all queries together. */
  readonly exemplars: number
  /** Candidates of the query that had most: its exemplars and the others that it was compared with. */
  readonly candidates: number
  /** Mean loss at the end, in nats a query. */
  readonly loss: number
  /** Newton steps taken. */
  readonly steps: number
  /** Whether the gradient vanished, but for parameters at a bound. */
  readonly converged: boolean
  /** Parameters that stand at a bound of their range: the data would have them beyond it. */
  readonly atBounds: readonly ('inverseTemperature' | 'bias')[]
}

/**
 * Turns the scores of one query into influences: item j of score s_j weighs
 * `max(0, exp(t (s_j - s_max)) + b)`, and its influence is its share of all weights.
 */
export interface Calibration {
  readonly specificationVersion: 1
  /** t, above 0: how fast influence falls with the distance from the best score. */
  readonly inverseTemperature: number
  /**
   * b, above -1. Below 0 it is a threshold: items that score less than `s_max - ln(1 / |b|) / t` have
   * no influence, however many there are. Above 0 every item of a pool takes part, so that a larger
   * pool leaves less to the best.
   */
  readonly bias: number
  /** The space of the mapped queries whose scores it was fitted on; null where it is not known. */
  readonly fingerprint: string | null
  /** Null where the two numbers were not fitted but given. */
  readonly fittedOn: CalibrationProvenance | null
}

/**
 * Throws unless influences can be computed with the calibration. With b at -1 or below, even the best
 * item would weigh nothing, and every influence would be 0 / 0.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function assertCalibration({
  inverseTemperature,
  bias,
}: Pick<Calibration, 'inverseTemperature' | 'bias'>): void {
  if (!(inverseTemperature > 0 && Number.isFinite(inverseTemperature))) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The inverse temperature of a calibration must be a number above 0, got ${inverseTemperature}.`,
      value: inverseTemperature,
      remedy: 'Fit the calibration again, with fitCalibration.',
    })
  }
  if (bias > -1 && Number.isFinite(bias)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The bias of a calibration must be a number above -1, got ${bias}: not even the best match would have influence.`,
    value: bias,
    remedy: 'Fit the calibration again, with a bias between -0.5 and 0.1.',
  })
}

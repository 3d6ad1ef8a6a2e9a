import { AssayError } from '@assay/core'
import type { Calibration } from './calibration.js'
import { calibrationLoss } from './calibration-loss.js'
import { assertCalibrationScores, type CalibrationScores } from './calibration-scores.js'
import { minimizeInBox, type Point, type QuadraticModel } from './minimize-in-box.js'

/** How a calibration is fitted. */
export interface FitCalibrationOptions {
  /**
   * Queries with known exemplars that no head was trained on; each with the scores of the same number
   * of others, as large a part of the pool as has influence: some hundred of the best.
   */
  readonly queries: readonly CalibrationScores[]
  /** The space of the mapped queries, which outputs are held to later. Default: null, not known. */
  readonly fingerprint?: string | null
  /** Where the search for the inverse temperature starts, and the range it keeps to. */
  readonly inverseTemperature?: {
    /** Default 20. */
    readonly start?: number
    /** Above 0. Default 0.1. */
    readonly low?: number
    /** Default 10,000. */
    readonly high?: number
  }
  /** Where the search for the bias starts, and the range it keeps to. */
  readonly bias?: {
    /** Default 0. */
    readonly start?: number
    /** Above -1. Default -0.5. */
    readonly low?: number
    /** Default 0.1. */
    readonly high?: number
  }
}

/** Nats: what the rounding of a sum over a million weights may hide. */
const tolerance = 1e-12
const mostSteps = 200

/**
 * The calibration that makes influences of known exemplars come out right: the local minimum of
 * {@link calibrationLoss} downhill from the start, within the ranges. The ranges matter: the loss has a
 * lower minimum at b far below -1, where no item would have influence at all.
 *
 * @returns A calibration whose `fittedOn` tells whether the fit converged, and at which bounds it ended.
 * @throws AssayError `INVALID_ARGUMENT` (a range that allows b <= -1 or t <= 0, or none),
 *   `EMPTY_INPUT`, `NOT_FINITE` with the query
 *
 * Source: Wang et al. (2023), Evaluating data attribution for text-to-image models (calibration).
 */
export function fitCalibration(options: FitCalibrationOptions): Calibration {
  const { queries, fingerprint = null } = options
  const box = boxOf(options)
  assertCalibrationScores(queries)
  const { point, value, steps, converged } = minimizeInBox({
    ...box,
    objective: ([logarithm, bias]) => byLogarithm(queries, Math.exp(logarithm), bias),
    tolerance,
    mostSteps,
  })
  const atBound = (at: 0 | 1) => point[at] === box.low[at] || point[at] === box.high[at]
  return {
    specificationVersion: 1,
    inverseTemperature: Math.exp(point[0]),
    bias: point[1],
    fingerprint,
    fittedOn: {
      queries: queries.length,
      exemplars: queries.reduce((sum, query) => sum + query.exemplars.length, 0),
      candidates: Math.max(...queries.map((query) => query.exemplars.length + query.others.length)),
      loss: value,
      steps,
      converged,
      atBounds: [
        ...(atBound(0) ? (['inverseTemperature'] as const) : []),
        ...(atBound(1) ? (['bias'] as const) : []),
      ],
    },
  }
}

/** The loss as a function of ln t, which keeps t above 0 and makes one step as good at 2 as at 200. */
function byLogarithm(queries: readonly CalibrationScores[], t: number, b: number): QuadraticModel {
  const { value, gradient, curvature } = calibrationLoss(queries, t, b)
  const [byT, byB] = gradient
  const [byTT, byTB, byBB] = curvature
  return {
    value,
    gradient: [t * byT, byB],
    curvature: [t * t * byTT + t * byT, t * byTB, byBB],
  }
}

/** Start and bounds, in ln t and b. */
function boxOf({ inverseTemperature: t = {}, bias: b = {} }: FitCalibrationOptions) {
  const inverseTemperature = { start: 20, low: 0.1, high: 1e4, ...t }
  const bias = { start: 0, low: -0.5, high: 0.1, ...b }
  assertRange('inverse temperature', inverseTemperature, 0)
  assertRange('bias', bias, -1)
  const corner = (side: 'start' | 'low' | 'high'): Point => [
    Math.log(inverseTemperature[side]),
    bias[side],
  ]
  return { start: corner('start'), low: corner('low'), high: corner('high') }
}

function assertRange(
  name: string,
  { start, low, high }: { start: number; low: number; high: number },
  limit: number,
): void {
  if (low > limit && low < high && low <= start && start <= high && Number.isFinite(high)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${name} of a calibration cannot start at ${start} and range from ${low} to ${high}.`,
    value: { start, low, high },
    remedy: `Give finite numbers, ${limit} < low < high, and a start between them.`,
  })
}

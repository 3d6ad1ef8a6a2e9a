import { AssayError, type Measure, type Random } from '@assay/core'
import {
  type ClusterId,
  clusteredMeanInterval,
  clusteredProportionInterval,
} from '@assay/core/statistics'
import { softInfluence } from '../influence/soft-influence.js'
import type { Calibration } from './calibration.js'
import { assertCalibrationScores, type CalibrationScores } from './calibration-scores.js'
import { chanceError, type JudgedQuery } from './chance-error.js'
import { calibrationError, type ReliabilityBin, ReliabilityCounts } from './reliability.js'

/** What a calibration is judged with. */
export interface AssessCalibrationOptions {
  readonly calibration: Pick<Calibration, 'inverseTemperature' | 'bias'>
  /** Queries with known exemplars, other than those it was fitted on. */
  readonly queries: readonly CalibrationScores[]
  /** The cluster of each query, for instance its model. Default: each query is one of its own. */
  readonly clusters?: readonly ClusterId[]
  /** Where the draws behind `chanceError` come from. */
  readonly random: Random
  /** How many draws, at least 20. Default 200. */
  readonly draws?: number
  /** Confidence level of the intervals in (0, 1). Default 0.95. */
  readonly level?: number
}

/** How far influences can be believed. */
export interface CalibrationReport {
  /** Mean influence that the exemplars of a query have together; 1 would be perfect. */
  readonly influenceOfTruth: Measure
  /** Share of exemplars that are left without any influence. */
  readonly cutRate: Measure
  /** Median number of items with influence. */
  readonly medianSupport: number
  /** What was predicted and what was true, from no influence to all of it. */
  readonly bins: readonly ReliabilityBin[]
  /** Differences between the two, weighted by influence. */
  readonly calibrationError: Measure
  /** What `calibrationError` stays below in 95 of 100 cases where a calibration is perfect. */
  readonly chanceError: number
  /**
   * Queries of which every candidate has influence. If candidates were but the best of a pool, the rest
   * of it would have some too, and the figures above are too good.
   */
  readonly openQueries: number
}

interface AssessedQuery extends JudgedQuery {
  /** Exemplars come first. */
  readonly influence: Float64Array
}

/**
 * Judges a calibration on queries with known exemplars: whether items with an influence of 0.3 are true
 * exemplars 3 times in 10 (reliability), and how many exemplars it cuts off.
 *
 * @throws AssayError `EMPTY_INPUT`, `NOT_FINITE` with the query, `SHAPE_MISMATCH` (clusters),
 *   `INVALID_ARGUMENT` (b <= -1, t <= 0, draws, level)
 */
export function assessCalibration(options: AssessCalibrationOptions): CalibrationReport {
  const { calibration, queries, random, draws = 200 } = options
  assertCalibrationScores(queries)
  assertDraws(draws)
  const assessed = queries.map(({ exemplars, others }) => ({
    influence: softInfluence([...Array.from(exemplars), ...Array.from(others)], calibration),
    exemplars: exemplars.length,
  }))
  const counts = countReliability(assessed)
  const supports = Float64Array.from(assessed, supportOf).sort()
  return {
    ...measuresOf(assessed, options),
    medianSupport:
      (supports.at((supports.length - 1) / 2)! + supports.at(supports.length / 2)!) / 2,
    bins: counts.bins(),
    calibrationError: {
      id: 'calibration-error',
      value: calibrationError(counts, counts.truth),
      unit: 'share',
      n: queries.length,
      missing: 0,
      interval: null,
      reason:
        'a sum of absolute differences is above 0 by chance alone: compare it with chanceError',
    },
    chanceError: chanceError(assessed, counts, { random, draws }),
    openQueries: assessed.filter((query) => supportOf(query) === query.influence.length).length,
  }
}

const supportOf = ({ influence }: AssessedQuery) =>
  influence.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)

function countReliability(queries: readonly AssessedQuery[]): ReliabilityCounts {
  const counts = new ReliabilityCounts()
  for (const { influence, exemplars } of queries) {
    influence.forEach((value, at) => {
      counts.add(value, at < exemplars ? 1 / exemplars : 0)
    })
  }
  return counts
}

function measuresOf(
  queries: readonly AssessedQuery[],
  { clusters = queries.map((_, query) => query), level = 0.95 }: AssessCalibrationOptions,
): Pick<CalibrationReport, 'influenceOfTruth' | 'cutRate'> {
  const ofExemplars = queries.map(({ influence, exemplars }) => influence.subarray(0, exemplars))
  // Rounding may carry a sum beyond 1.
  const shares = ofExemplars.map((values) =>
    Math.min(
      1,
      values.reduce((sum, value) => sum + value, 0),
    ),
  )
  const cuts = ofExemplars.flatMap((values) => Array.from(values, (value) => value === 0))
  const cutClusters = ofExemplars.flatMap((values, query) =>
    Array.from(values, () => clusters[query] ?? query),
  )
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    influenceOfTruth: measure('influence-of-truth', {
      value: mean(shares),
      n: shares.length,
      interval: clusteredMeanInterval(shares, clusters, { level, range: [0, 1] }),
    }),
    cutRate: measure('cut-rate', {
      value: mean(cuts.map(Number)),
      n: cuts.length,
      interval: clusteredProportionInterval(cuts, cutClusters, { level, form: 'wilson' }),
    }),
  }
}

const measure = (
  id: string,
  { value, n, interval }: Pick<Measure, 'value' | 'n' | 'interval'>,
) => ({
  id,
  value,
  unit: 'share',
  n,
  missing: 0,
  interval,
  ...(!interval && { reason: 'there are fewer than two clusters, or none differs from another' }),
})

function assertDraws(draws: number): void {
  if (Number.isSafeInteger(draws) && draws >= 20) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The chance error cannot be found with ${draws} draws.`,
    value: draws,
    remedy: 'Draw at least 20 times.',
  })
}

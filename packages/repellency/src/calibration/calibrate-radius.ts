import type { Interval, Matrix } from '@assay/core'
import { assertComparable } from '@assay/core'
import { assertFinite } from '@assay/core/linear-algebra'
import type { ShieldReferences } from '../references/shield-references.js'
import {
  assertCalibrated,
  assertCalibration,
  assertEnough,
  assertNotCovered,
} from './assert-calibration.js'
import { quantileBounds, shareBounds } from './calibration-bounds.js'
import { nearestReferences } from './nearest-references.js'
import { disjointPairDistances, empiricalQuantile, pairDistances } from './pair-distances.js'

/** What a radius is calibrated on. */
export interface CalibrateRadiusOptions {
  /**
   * What the generator draws without a shield, a picture a row, in the space of the references: independent
   * draws, or those of `clusters`, at least two; their fingerprint names the space.
   */
  readonly outputs: Matrix
  /**
   * The cluster of each output, mostly its prompt: pictures of a prompt are alike, and intervals around
   * protected pictures take that into account. Default: each output is drawn by itself.
   */
  readonly clusters?: readonly string[]
  /** Protected pictures: then distances are those to the nearest of them, else those of pairs of outputs. */
  readonly references?: ShieldReferences
  /** The share of distances at or below the radius, between 0 and 1. Give this or `radius`. */
  readonly quantile?: number
  /** A radius to be judged. Give this or `quantile`. */
  readonly radius?: number
  /** Confidence level of intervals. Default: 0.95. */
  readonly level?: number
  /** Largest share of outputs that may lie in shields of protected pictures. Default: 0.5. */
  readonly maximumInside?: number
  /** Whether a radius beyond that is given back all the same, with a warning. Default: false. */
  readonly force?: boolean
  /** Ends the calibration, also between two outputs. */
  readonly signal?: AbortSignal
}

/** A radius, and what it means. */
export interface RadiusCalibration {
  /** What distances are of: to protected pictures, or of pairs of outputs. */
  readonly mode: 'protection' | 'diversity'
  readonly radius: number
  /** Null where the radius was given. */
  readonly quantile: number | null
  /** Interval of the quantile; null where `reason` says why. */
  readonly interval: Interval | null
  readonly reason?: string
  /** Outputs, and distances that were measured. */
  readonly outputs: number
  readonly distances: number
  /** Median distance of pairs of outputs, and the radius as a share of it; null where that is 0. */
  readonly medianPairDistance: number
  readonly relativeRadius: number | null
  /** Share of the distances below the radius: of outputs in a shield, or of pairs nearer than it. */
  readonly inside: number
  /** Interval of this share; null for pairs, which are not independent, and for a single cluster. */
  readonly insideInterval: Interval | null
  readonly warnings: readonly string[]
}

/**
 * The radius that holds a share of distances of what a generator draws: to the nearest protected picture, or
 * of pairs. Radii go with model and resolution; what is common is their share of the median pair distance.
 *
 * All pairs of outputs are compared, for the median as well: five seconds for 1,500 of 3,072 numbers, four times
 * that for twice as many. A few hundred are enough for a quantile.
 *
 * @throws AssayError `INVALID_ARGUMENT` (options; shields that cover more than `maximumInside`; a radius of
 *   0, as of a generator that copies), `EMPTY_INPUT` (fewer than two outputs, no reference), `NOT_FINITE`,
 *   `SHAPE_MISMATCH` (references, clusters), `FINGERPRINT_MISMATCH` (references of another space) and
 *   `ABORTED`
 *
 * Source: the recipe of Kirchhof et al., Shielded Diffusion (2025), and its users; the interval is between
 * order statistics.
 */
export async function calibrateRadius(options: CalibrateRadiusOptions): Promise<RadiusCalibration> {
  const { outputs, references, clusters = null, quantile = null, level = 0.95 } = options
  assertCalibration(options)
  assertFinite(outputs)
  assertEnough(outputs, references)
  if (references) {
    const { dimensions, fingerprint } = references
    assertComparable(outputs, { columns: dimensions, fingerprint })
  }
  const pairs = await pairDistances(outputs, options.signal)
  const median = empiricalQuantile(pairs, 0.5)
  const distances = references
    ? await nearestDistances(outputs, references, {
        start: median > 0 ? median / 8 : 1,
        signal: options.signal,
      })
    : pairs
  const radius = options.radius ?? empiricalQuantile(distances, quantile ?? 0.5)
  assertCalibrated(radius, quantile)
  const outcomes = Array.from(distances, (distance) => distance < radius)
  const inside = outcomes.filter(Boolean).length / outcomes.length
  // Pairs of outputs are not independent; those without an output in common are.
  const draws = references
    ? { distances, clusters }
    : { distances: disjointPairDistances(outputs), clusters: null }
  const warnings = [
    ...(references ? assertNotCovered(inside, options) : []),
    ...(references ? farReferences(distances, median) : []),
  ]
  return {
    mode: references ? 'protection' : 'diversity',
    ...{ radius, quantile, outputs: outputs.rows, distances: distances.length },
    ...quantileBounds(draws, { quantile, level }),
    ...{ medianPairDistance: median, relativeRadius: median > 0 ? radius / median : null },
    ...{ inside, insideInterval: references ? shareBounds(outcomes, { clusters, level }) : null },
    warnings,
  }
}

async function nearestDistances(
  ...search: Parameters<typeof nearestReferences>
): Promise<Float64Array> {
  const nearest = await nearestReferences(...search)
  return Float64Array.from(nearest, ({ distance }) => distance)
}

/** References of one space with the outputs are hardly ever farther from them than they are from each other. */
function farReferences(nearest: Float64Array, median: number): readonly string[] {
  const far = nearest.reduce((count, distance) => count + (distance > median ? 1 : 0), 0)
  if (2 * far <= nearest.length) return []
  return [
    `${far} of ${nearest.length} outputs are farther from every reference than outputs are from each other: look whether the references have another scale or shift.`,
  ]
}

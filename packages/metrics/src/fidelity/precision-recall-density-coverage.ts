import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { assertUsable } from '../kernels/assert-usable.js'
import { squaredNeighbourRadii } from '../kernels/neighbour-radii.js'
import { squaredDistances } from '../kernels/squared-distances.js'
import { widen } from '../kernels/wide-rows.js'

/** The two sets that are compared, and how. */
export interface PrecisionRecallOptions {
  /** Real pictures. */
  readonly reference: Matrix
  /** Generated pictures. */
  readonly outputs: Matrix
  /** k: the neighbourhood of a row reaches to its k-th nearest row of the same set. Default: 5 */
  readonly neighbours?: number
}

/** Four figures of how outputs relate to a reference set. */
export interface PrecisionRecallScores {
  /** Share of outputs that lie in the neighbourhood of a reference row, in [0, 1]. */
  readonly precision: number
  /** Share of reference rows that lie in the neighbourhood of an output, in [0, 1]. */
  readonly recall: number
  /** Mean number of reference neighbourhoods that an output lies in, over k; may exceed 1. */
  readonly density: number
  /** Share of reference rows with an output in their neighbourhood, in [0, 1]. */
  readonly coverage: number
}

/** The figures, and the values of single rows that they are the means of. */
export interface PrecisionRecallResult extends PrecisionRecallScores {
  /** One value an output: 0 or 1 for precision, a number of neighbourhoods over k for density. */
  readonly byOutput: { readonly precision: Float64Array; readonly density: Float64Array }
  /** One value a reference row, 0 or 1. */
  readonly byReference: { readonly recall: Float64Array; readonly coverage: Float64Array }
}

/**
 * Precision, recall, density and coverage over Euclidean distances. A row lies in a neighbourhood
 * where its distance is strictly smaller than the radius.
 *
 * Kynkäänniemi et al. 2019, "Improved Precision and Recall Metric for Assessing Generative Models",
 * equations 1 and 2; Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative
 * Models", section 3.
 *
 * @throws AssayError `EMPTY_INPUT`, `INVALID_ARGUMENT` (fewer than k + 1 rows, or k), `NOT_FINITE`,
 *   `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`
 */
export function precisionRecallDensityCoverage(
  options: PrecisionRecallOptions,
): PrecisionRecallResult {
  const { reference, outputs, neighbours } = comparedSets(options)
  const referenceRadii = squaredNeighbourRadii(reference, neighbours)
  const outputRadii = squaredNeighbourRadii(outputs, neighbours)
  const inside = new Float64Array(outputs.rows)
  const recall = new Float64Array(reference.rows)
  const coverage = new Float64Array(reference.rows)
  const distances = new Float64Array(outputs.rows)
  for (let row = 0; row < reference.rows; row++) {
    squaredDistances({ from: reference, row, to: outputs }, distances)
    const radius = referenceRadii[row]!
    for (let output = 0; output < outputs.rows; output++) {
      const distance = distances[output]!
      if (distance < outputRadii[output]!) recall[row] = 1
      if (distance < radius) {
        coverage[row] = 1
        inside[output] = inside[output]! + 1
      }
    }
  }
  const precision = inside.map((count) => (count > 0 ? 1 : 0))
  const density = inside.map((count) => count / neighbours)
  return {
    precision: mean(precision),
    recall: mean(recall),
    density: mean(density),
    coverage: mean(coverage),
    byOutput: { precision, density },
    byReference: { recall, coverage },
  }
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Checks the options and widens both sets to float64. */
export function comparedSets({ reference, outputs, neighbours = 5 }: PrecisionRecallOptions) {
  if (!(Number.isInteger(neighbours) && neighbours >= 1)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The number of neighbours must be a whole number of at least 1, got ${neighbours}.`,
      value: neighbours,
      remedy: 'Leave it out for 5.',
    })
  }
  assertComparable(reference, outputs)
  assertUsable(reference, { name: 'the reference set', minimum: neighbours + 1 })
  assertUsable(outputs, { name: 'outputs', minimum: neighbours + 1 })
  return { reference: widen(reference), outputs: widen(outputs), neighbours }
}

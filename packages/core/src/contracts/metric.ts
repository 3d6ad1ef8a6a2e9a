import type { Matrix } from '../matrix/matrix.js'
import type { MeasureMeta } from './audit.js'

/** What metrics are computed from, by kind. */
export interface MetricInputs {
  /** One set of pictures. */
  readonly set: { readonly outputs: Matrix }
  /** A set of pictures and a reference set, whose rows do not belong together. */
  readonly sets: { readonly outputs: Matrix; readonly reference: Matrix }
  /** Rows that belong together one by one, for instance pictures and their prompts. */
  readonly pairs: { readonly outputs: Matrix; readonly reference: Matrix }
  /** The scores that one query gives to what it should find, and to everything else. */
  readonly ranking: { readonly relevant: readonly number[]; readonly others: readonly number[] }
}

/** What may be done to a metric's input without changing its value. */
export interface MetricInvariances {
  /** Items come in another order; those of pairs together. */
  readonly permutation: boolean
  /** Every item stands twice. */
  readonly duplication: boolean
  /** The two sets change places; null where there is only one. */
  readonly swap: boolean | null
  /**
   * The power of c that the value grows with when every number is multiplied by c > 0: 0 where scale
   * does not matter, null where nothing is promised.
   */
  readonly scaleDegree: number | null
}

/** One measure as a module: what it means, how it is computed, and what it promises. */
export interface MetricOf<Kind extends keyof MetricInputs> extends MeasureMeta {
  readonly specificationVersion: 1
  /** Paper, year and equation. */
  readonly reference: string
  readonly kind: Kind
  /** Rows that each set needs at least; relevant items, for a ranking. */
  readonly minimumRows: number
  readonly invariances: MetricInvariances
  /**
   * How far two computations of one value may lie apart by rounding, relative to the larger of the
   * value and 1.
   */
  readonly tolerance: number
  /**
   * @throws AssayError `EMPTY_INPUT` without items, another code where the measure is not defined; it
   *   never returns NaN or an infinity
   */
  compute(input: MetricInputs[Kind]): number
}

/** A metric of any kind. */
export type Metric = { [Kind in keyof MetricInputs]: MetricOf<Kind> }[keyof MetricInputs]

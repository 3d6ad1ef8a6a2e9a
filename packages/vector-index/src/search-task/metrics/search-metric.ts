import type { VectorMetric } from '@assay/core'
import { cosine } from './cosine.js'
import { euclidean } from './euclidean.js'
import { innerProduct } from './inner-product.js'

/** Where two vectors lie in the arrays that hold them. */
export interface VectorPair {
  readonly queries: Float32Array
  /** Index of the query's first value. */
  query: number
  readonly vectors: Float32Array
  /** Index of the vector's first value. */
  vector: number
  readonly columns: number
}

/**
 * How far the float32 estimate of a query and the vectors of a group may be from the exact one:
 * `linear * reach + quadratic * reach ** 2 + constant`, where `reach` belongs to the group.
 */
export interface ErrorBound {
  readonly linear: number
  readonly quadratic: number
  readonly constant: number
}

/**
 * What a search needs to know of a metric. The graph estimates, in float32, a number that grows with
 * nearness; the merit is what counts, in float64, and grows with nearness too.
 */
export interface SearchMetric {
  /** How the row's weight joins the product of query and row in the estimate. */
  readonly weighting: 'none' | 'factor' | 'summand'
  /** Whether a vector without length is an error. */
  readonly needsLength: boolean
  /** The weight of a row of the given length. */
  weight(length: number): number
  /** What the error bound of a row's group grows with, for a row of the given length. */
  reach(length: number): number
  /** What the query is multiplied with before it is rounded to float32. */
  queryFactor(queryLength: number): number
  errorBound(columns: number, queryLength: number): ErrorBound
  /**
   * The exact measure, in float64, summed in order; or, as soon as that is sure to stay below `least`,
   * minus infinity. Default of `least`: minus infinity.
   */
  merit(pair: VectorPair, least?: number): number
  /**
   * The merits of four rows that follow each other, the first where the pair says: to the last bit what
   * `merit` gives for each. Null where that would not be quicker.
   */
  readonly fourMerits: ((pair: VectorPair, merits: Float64Array) => void) | null
  /** A merit as the score that callers see, or such a score as a merit (the same function). */
  signed(value: number): number
  /** The least estimate, without error, of a vector of at least this merit; rounded to the safe side. */
  estimateOf(merit: number, queryLength: number, columns: number): number
  /**
   * How far apart the positions of a query and of a row of at least this merit can be, rounded to the safe
   * side; the position of a vector is its multiple by `queryFactor`. Null where no distance bounds a merit.
   */
  greatestDistance(merit: number, columns: number): number | null
}

/** The metrics by name. */
export const searchMetrics: Readonly<Record<VectorMetric, SearchMetric>> = {
  'inner-product': innerProduct,
  cosine,
  euclidean,
}

/** A range that the true value lies in, with the probability `level`, by a named method. */
export interface Interval {
  readonly low: number
  readonly high: number
  /** Confidence level in (0, 1), for instance 0.95. */
  readonly level: number
  /** How it was made, for instance `wilson` or `clustered jackknife by prompt`. */
  readonly method: string
}

/** A figure with what is needed to trust it. */
export interface Measure {
  readonly id: string
  /** Subset it speaks of, where it is not the whole. */
  readonly group?: string
  /** The figure, or null where there is none; then `reason` says why. */
  readonly value: number | null
  /** For instance `share`, `cosine`, `pictures`. */
  readonly unit: string
  /** Items that went in. */
  readonly n: number
  /** Items that should have gone in and could not. */
  readonly missing: number
  /** Null where no honest interval exists; then `reason` says why. */
  readonly interval: Interval | null
  readonly reason?: string
}

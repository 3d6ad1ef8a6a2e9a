import type { ItemFailure, Measure } from '@assay/core'

/** A training picture that an output may have been made from. */
export interface Match {
  readonly id: string
  /** From 1, the best score first; equal scores in the order of ids, or of rows without ids. */
  readonly rank: number
  /** Cosine with the output, in [-1, 1]; the larger of its two views where the pool has mirrored ones. */
  readonly score: number
  /** Share of the output that it accounts for, in [0, 1]; null without a calibration. */
  readonly influence: number | null
  /** Its label; null where it has none. */
  readonly group: string | null
}

/** The influence that the pictures of one label have together. */
export interface GroupShare {
  /** Null for pictures without a label. */
  readonly group: string | null
  readonly influence: number
}

/** What one output was made from. */
export interface Attribution {
  /** The output's id, or the number of its row. */
  readonly query: string
  /** The k best, best first; empty where the output could not be judged. */
  readonly matches: readonly Match[]
  /** Influence of all pictures that are not among the matches; null without a calibration. */
  readonly remainingInfluence: number | null
  /** How many pictures of the pool have influence; null without a calibration. */
  readonly support: number | null
  /** Influence by label over the whole pool, most first; null without labels or calibration. */
  readonly groups: readonly GroupShare[] | null
  /** Why the output could not be judged; null where it was. */
  readonly failure: ItemFailure | null
}

/** Something that a reader of the results must know. */
export interface AttributionWarning {
  readonly code:
    | 'FAILED_QUERIES'
    | 'K_EXCEEDS_POOL'
    | 'ZERO_POOL_ROWS'
    | 'APPROXIMATE_INDEX'
    | 'POSITIVE_BIAS'
    | 'CALIBRATION_SUSPECT'
  /** Pictures, queries or whatever else the message counts. */
  readonly count: number
  readonly message: string
}

/** What outputs were made from. */
export interface AttributionReport {
  /** One for each query, in their order. */
  readonly attributions: readonly Attribution[]
  /** Pictures in the pool. */
  readonly poolSize: number
  /** Space of the mapped queries, as calibrations name it; null where it is not known. */
  readonly fingerprint: string | null
  /** What an approximate index was measured to find; null for an exact search. */
  readonly recall: Measure | null
  readonly warnings: readonly AttributionWarning[]
}

import type { Matrix } from '@assay/core'

/** Some rows of a feature source, read and checked: every value is finite. */
export interface FeatureBlock {
  /** Number of the first row in the source, from 0. */
  readonly firstRow: number
  /** The features, with the ids of these rows. */
  readonly matrix: Matrix
  /** A second view of the same rows, those of the mirrored pictures; null where there is none. */
  readonly mirrored: Matrix | null
  /** Rows of the block, from 0, that are zero in `matrix` or in `mirrored` and so have no direction. */
  readonly zeroRows: readonly number[]
}

/** How a feature source is read. */
export interface FeatureBlocksOptions {
  /** Rows a block, at least 1. Default: about 16 MiB of numbers. */
  readonly rows?: number
  /** Stops the reading between two blocks. */
  readonly signal?: AbortSignal
}

/**
 * Features of a set of pictures, from memory or from files larger than it: at least one row, one
 * vector a picture. It is what every function here that reads a pool or exemplars takes. With a second
 * view of each picture, the score of a row is the larger of the scores of its two views.
 */
export interface FeatureSource {
  readonly rows: number
  readonly columns: number
  /** One distinct id a row, or null where the row number is the id. */
  readonly ids: readonly string[] | null
  /** Whether every row but the zero rows has unit length. A head must be given what it was trained on. */
  readonly normalized: boolean
  /** The space of the features: a hash over weights and preprocessing; null where it is not known. */
  readonly fingerprint: string | null
  /** A label a row by field, for instance `artist`, `licence` or `source`; null where it is not known. */
  readonly groups: ReadonlyMap<string, readonly (string | null)[]>
  /** Whether every block has a second view of its rows. */
  readonly mirrored: boolean
  /**
   * All rows in order. May be called again; each call reads from the first row on.
   *
   * @throws AssayError `NOT_FINITE` with row and id, `NORMALIZATION_MISMATCH` (a row of another than
   *   unit length among features that are said to be normalised), `INVALID_ARGUMENT` (`rows`),
   *   `ABORTED`, and what reading a file throws
   */
  blocks(options?: FeatureBlocksOptions): AsyncIterable<FeatureBlock>
}

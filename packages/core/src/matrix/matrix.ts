/**
 * Embeddings or other features: `rows` vectors of `columns` float32 values, row after row. Immutable
 * by agreement: functions return new matrices and leave their inputs as they were.
 */
export interface Matrix {
  /** Row-major values; length `rows * columns`. */
  readonly data: Float32Array
  readonly rows: number
  readonly columns: number
  /** One distinct identifier a row, or null where the row number is the identifier. */
  readonly ids: readonly string[] | null
  /** Whether every row has unit Euclidean length. */
  readonly normalized: boolean
  /**
   * Names the space that the vectors live in: a hash over weights and preprocessing. Matrices of two
   * fingerprints must not be compared; null where it is not known.
   */
  readonly fingerprint: string | null
}

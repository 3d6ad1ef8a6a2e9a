/** How numbers are stored in a matrix file. */
export type NumberType = 'float16' | 'float32' | 'float64'

/** A part of a file that holds rows as little-endian float32, one after the other. */
export interface MatrixRegion {
  readonly path: string
  /** Where the first row starts, in bytes. */
  readonly offset: number
  /** Bytes of all rows: `rows * columns * 4`. */
  readonly bytes: number
  readonly rows: number
  readonly columns: number
}

/** The rows of a file in one of the formats. */
export interface MatrixSource {
  readonly rows: number
  readonly columns: number
  readonly type: NumberType
  /** What the file itself says; null where it does not. */
  readonly ids: readonly string[] | null
  readonly normalized: boolean | null
  readonly fingerprint: string | null
  readonly metadata: ReadonlyMap<string, string>
  readonly region: MatrixRegion | null
  /** The values of `count` rows from `start`, both in range. */
  read(start: number, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/** How the bytes of a cell are numbers, where a column holds each vector as bytes. */
export type VectorBytes = 'float16' | 'float32' | 'float64'

/** Opens a file; the first request that a decoder gets. */
export interface OpenRequest {
  readonly kind: 'open'
  readonly path: string
  /** Columns to read, or null for all. */
  readonly columns: readonly string[] | null
  readonly groupBytes: number
}

/** Asks for cells of rows that lie in one row group. */
export interface RowsRequest {
  readonly kind: 'rows'
  readonly columns: readonly string[]
  readonly start: number
  readonly count: number
}

/** Asks for one column of rows that lie in one row group, as float32 vectors of equal length. */
export interface VectorsRequest {
  readonly kind: 'vectors'
  readonly column: string
  readonly bytes: VectorBytes | null
  readonly start: number
  readonly count: number
}

export type DecoderRequest = OpenRequest | RowsRequest | VectorsRequest

/** Rows that were written together and are decoded together. */
export interface RowGroup {
  /** Number of its first row in the file, from 0. */
  readonly start: number
  readonly rows: number
  /** Unpacked bytes of the chosen columns, as the file claims. */
  readonly bytes: number
}

/** What the cells of a column are. */
export type ParquetCells = 'text' | 'number' | 'boolean' | 'bytes' | 'group' | 'other'

/** What a file holds. */
export interface ParquetSummary {
  readonly rows: number
  readonly groups: readonly RowGroup[]
  /** The chosen columns, in the file's order. */
  readonly columns: readonly string[]
  /** What the cells of each chosen column are. */
  readonly cells: ReadonlyMap<string, ParquetCells>
  /** Texts that the writer left in the footer. */
  readonly metadata: ReadonlyMap<string, string>
}

/** Cells by column, one value a row. */
export type Cells = ReadonlyMap<string, ArrayLike<unknown>>

/** Vectors row after row. */
export interface Vectors {
  readonly columns: number
  readonly data: Float32Array
}

/** What the decoder could not do: a fault of the file, or a limit of ours. */
export interface DecoderFault {
  readonly fault: string
  readonly code: 'MALFORMED_PARQUET' | 'LIMIT_EXCEEDED' | 'INVALID_ARGUMENT'
  /** Row from 0, where it is known. */
  readonly row: number | undefined
}

export interface DecoderAnswers {
  readonly open: ParquetSummary
  readonly rows: Cells
  readonly vectors: Vectors
}

import type { AssayErrorCode, VectorMetric } from '@assay/core'
import type { FileRows } from '../search-task/file-windows.js'
import type { QueryResults } from '../search-task/search-queries.js'

/** How usearch is to build its graph. */
export interface UsearchSettings {
  readonly name: 'usearch'
  readonly quantization: 'f32' | 'f16' | 'bf16' | 'i8'
  readonly connectivity: number
  readonly expansionAdd: number
  readonly expansionSearch: number
}

/** What faiss is to build. */
export interface FaissSettings {
  readonly name: 'faiss'
  readonly factory: string
  /** Rows that it is trained with; 0 where it needs no training. */
  readonly trainingRows: number
}

/** A library and its settings. */
export type LibrarySettings = UsearchSettings | FaissSettings

/** What a host is started with. */
export interface OpenArgument {
  readonly library: LibrarySettings
  readonly metric: VectorMetric
  readonly rows: number
  readonly columns: number
  /** Ids that are not in ascending order, or null. */
  readonly ids: readonly string[] | null
  /** Rows that stay in a file; null where they are `put`. */
  readonly file: FileRows | null
  readonly threads: number
  /** Candidates that the library is asked for, as a multiple of the wanted neighbours. */
  readonly oversampling: number
}

/** Everything that a host can be asked for, one after the other: argument and answer. */
export interface LibraryCalls {
  open: { argument: OpenArgument; answer: null }
  /** Rows that come into the host's memory. */
  put: { argument: { readonly start: number; readonly data: Float32Array }; answer: null }
  /** Trains the library, where it needs that; all rows were put before. */
  train: { argument: null; answer: null }
  /** Hands rows to the library, in their order. */
  add: { argument: { readonly start: number; readonly count: number }; answer: null }
  nearest: {
    argument: {
      readonly queries: Float32Array
      readonly k: number
      /** Whether all rows are to be compared, without the library. */
      readonly exactly: boolean
    }
    answer: QueryResults[]
  }
  within: {
    argument: { readonly queries: Float32Array; readonly radii: Float64Array }
    answer: QueryResults[]
  }
  /** SHA-256 of some rows all over the matrix. */
  digest: { argument: null; answer: string }
  /** Writes the library's own file. */
  save: { argument: { readonly path: string }; answer: null }
  /** Reads the library's own file instead of adding rows, or leaves it on disk and maps it. */
  restore: { argument: { readonly path: string; readonly map: boolean }; answer: null }
}

/** Name of a call. */
export type LibraryCall = keyof LibraryCalls

/** What travels to a host. */
export type LibraryRequest =
  | {
      [Name in LibraryCall]: {
        readonly id: number
        readonly name: Name
        readonly argument: LibraryCalls[Name]['argument']
      }
    }[LibraryCall]
  | { readonly id: number; readonly name: 'abort' }

/** What travels back. */
export type LibraryReply =
  | { readonly answer: unknown }
  | {
      readonly error: {
        readonly code: AssayErrorCode
        readonly message: string
        readonly remedy: string
        readonly location: { readonly row?: number; readonly file?: string }
      }
    }

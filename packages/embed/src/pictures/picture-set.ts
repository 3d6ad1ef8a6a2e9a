import type { ItemFailure } from '@assay/core'

/** One picture of a set. It can be handed to an `ImageEncoder` as it is. */
export interface Picture {
  /** Path from the folder of the set, with forward slashes; distinct in the set. */
  readonly id: string
  /** The same, for documents that speak of paths. */
  readonly path: string
  /** Absolute path of the file. */
  readonly source: string
  /** What was asked for, or null where the set tells none. */
  readonly prompt: string | null
  /** Everything else that the metadata tells of it. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Pictures in a folder, before any of them is decoded. */
export interface PictureSet {
  /** Absolute path of the folder. */
  readonly folder: string
  /** In the order of `metadata.jsonl`, or sorted by id where there is none. */
  readonly pictures: readonly Picture[]
  /** Rows of the metadata, and pictures, that are left out. */
  readonly failures: readonly ItemFailure[]
}

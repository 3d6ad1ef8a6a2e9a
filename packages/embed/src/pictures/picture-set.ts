import type { ItemFailure } from '@assay/core'

/** A picture in an archive or a table. */
export interface PackedPicture {
  /**
   * The bytes of the picture file. To read a set in its order takes one pass over each archive.
   *
   * @param options `fileBytes`: most bytes it may have; default 64 MiB
   * @throws AssayError `IMAGE_UNREADABLE`, `IMAGE_TOO_LARGE`
   */
  read(options?: { readonly fileBytes?: number }): Promise<Uint8Array>
}

/** One picture of a set, as `embedPictures` takes it. */
export interface Picture {
  /** Path from the folder or archive of the set, with forward slashes; distinct in the set. */
  readonly id: string
  /** The same, for documents that speak of paths. */
  readonly path: string
  /** Absolute path of the file, or a place in an archive. */
  readonly source: string | PackedPicture
  /** What was asked for, or null where the set tells none. */
  readonly prompt: string | null
  /** Everything else that the metadata tells of it. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Pictures in a folder, an archive or a table, before any of them is decoded. */
export interface PictureSet {
  /** Absolute path of the folder, archive or table. */
  readonly folder: string
  /** In the order of `metadata.jsonl`, archive or table, or sorted by id where there is no such order. */
  readonly pictures: readonly Picture[]
  /** Rows of the metadata, and pictures, that are left out. */
  readonly failures: readonly ItemFailure[]
}

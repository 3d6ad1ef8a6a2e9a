/** Formats that are decoded. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif'

/** A profile, a text or anything else that lies beside the pixels. */
export interface MetadataPiece {
  /** Bytes as they are stored. */
  readonly length: number
  /** The part of it that is packed with zlib, or null. */
  readonly packed: Uint8Array | null
}

/** What is known of a format without decoding it. */
export interface Container {
  readonly format: ImageFormat
  /** Whether the bytes begin as this format must. */
  matches(bytes: Uint8Array): boolean
  /**
   * Whether the file goes on to its own end, by its structure alone. Decoders hand out pixels of some
   * files that were cut off. Where the structure makes no sense this is true, and the decoder decides.
   */
  isComplete(bytes: Uint8Array): boolean
  /** What lies beside the pixels. Where the structure makes no sense it ends early. */
  metadata(bytes: Uint8Array): Iterable<MetadataPiece>
  /** Frames of an animation that the decoder walks through, for formats that have them. */
  frameCount?(bytes: Uint8Array): number
}

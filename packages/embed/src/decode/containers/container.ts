/** Formats that are decoded. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif'

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
}

/** What a picture may ask of the machine. Each limit stops a named weakness. */
export interface ImageLimits {
  /** Largest file, in bytes. Default 64 MiB: it is held in memory whole. */
  readonly fileBytes: number
  /** Largest width times height. Default 67,108,864 (8192²): decoded it takes three bytes a pixel. */
  readonly pixels: number
  /**
   * Largest width times height of a progressive JPEG or an interlaced PNG, which the decoder must hold
   * whole, and more than once. Default 16,777,216 (4096²).
   */
  readonly progressivePixels: number
  /**
   * Most bytes of profiles, texts and all else beside the pixels, unpacked. Default 16 MiB: some kilobytes
   * can hold hundreds of megabytes.
   */
  readonly metadataBytes: number
  /** Most frames of an animated WebP. Default 1,000: a decoder walks through all to give the first. */
  readonly frames: number
  /** Longest time from call to pixels, in seconds. Default 10. */
  readonly seconds: number
}

/** The limits that hold where none are given. */
export const defaultImageLimits: ImageLimits = {
  fileBytes: 64 * 2 ** 20,
  pixels: 8192 ** 2,
  progressivePixels: 4096 ** 2,
  metadataBytes: 16 * 2 ** 20,
  frames: 1000,
  seconds: 10,
}

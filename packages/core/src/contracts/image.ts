/** A decoded picture: 8 bits a channel, sRGB, no alpha. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  /** Interleaved red, green, blue, row after row; length `width * height * 3`. */
  readonly data: Uint8Array
}

/** A picture to be read: a file path, the bytes of a picture file, or pixels. */
export interface ImageInput {
  readonly id: string
  readonly source: string | Uint8Array | RgbImage
}

import type { Random, RgbImage } from '@assay/core'

/** Something that happens to pictures, weaker or stronger. */
export interface PictureTransform {
  /** Noun in kebab-case, for instance `jpeg-compression`. */
  readonly id: string
  /** What a severity counts, for instance `quality`. */
  readonly unit: string
  /** Severities to try, from weakest to strongest. */
  readonly severities: readonly number[]
  /** A new picture of the same size; chance comes from the stream alone. */
  apply(image: RgbImage, severity: number, random: Random): Promise<RgbImage> | RgbImage
}

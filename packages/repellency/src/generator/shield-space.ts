import type { RgbImage } from '@assay/core'

/** What evidence has for the name of a space where there is none. */
export const noSpace = 'latent'

/** The space that a sampler works in, for finished pictures: hits are counted where predictions are kept out. */
export interface ShieldSpace {
  /**
   * Tells spaces apart, for instance `pixels 32x32`, and not `latent` alone, which says that there is none;
   * references of another fingerprint, or of none, are refused.
   */
  readonly name: string
  /** Numbers of a picture. */
  readonly dimensions: number
  /** Bounds of each coordinate; null for latents. */
  readonly box: readonly [number, number] | null
  /** How far finishing a picture can move it from its last prediction. */
  readonly margin: number
  /**
   * A finished picture in this space, as the sampler would have it.
   *
   * @throws AssayError for a picture that is not of this space
   */
  toVector(
    image: RgbImage,
    options?: { readonly signal?: AbortSignal },
  ): Float32Array | Promise<Float32Array>
}

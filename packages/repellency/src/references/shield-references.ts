/** A reference picture that lies near a prediction. */
export interface NearReference {
  readonly row: number
  /** Distance from the prediction, from direct differences summed in float64. */
  readonly distance: number
  /** The reference's values, which stay as they are; to be read only. */
  readonly vector: ArrayLike<number>
}

/**
 * Pictures that predictions are kept away from, in the space that the sampler works in: latents with the
 * sampler's own scale and shift, or pixels.
 */
export interface ShieldReferences {
  readonly size: number
  readonly dimensions: number
  readonly fingerprint: string | null
  /**
   * Every reference at a distance below `radius` from each point, in the order of rows. No reference is
   * ever missed.
   */
  within(
    points: readonly Float64Array[],
    options: { readonly radius: number; readonly signal?: AbortSignal | undefined },
  ): Promise<readonly (readonly NearReference[])[]>
}

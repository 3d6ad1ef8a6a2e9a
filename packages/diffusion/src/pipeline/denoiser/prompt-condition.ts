/** What a denoiser is told of one prompt. */
export interface PromptCondition {
  /** Token states, row-major. */
  readonly states: Float32Array
  /** Tokens and width. */
  readonly statesShape: readonly [number, number]
  /** One vector for the whole prompt, or null where the model takes none. */
  readonly pooled: Float32Array | null
}

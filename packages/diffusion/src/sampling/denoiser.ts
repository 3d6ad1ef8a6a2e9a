import type { Tensor } from '@assay/core'
import type { FloatArray } from './float-array.js'
import type { NoiseLevel } from './noise-level.js'

/** What a denoiser is asked at one model call. */
export interface DenoiserCall<Values extends FloatArray = Float32Array> extends NoiseLevel {
  /** Noisy pictures, row-major, one after another. Not to be written to. */
  readonly state: Values
  /** How many pictures there are. */
  readonly rows: number
  /** What to draw, in the denoiser's own form; null where it needs none. */
  readonly condition: Tensor | null
  /** Weight of the condition; 1 for none of classifier-free guidance. */
  readonly guidanceScale: number
  /** The pictures' seeds, one a row. */
  readonly seeds: readonly number[]
  readonly signal: AbortSignal | undefined
}

/** What a denoiser answers. */
export interface DenoiserAnswer<Values extends FloatArray = Float32Array> {
  /** Predicted clean pictures after guidance, in the form of the state. Not written to afterwards. */
  readonly clean: Values
  /** What the denoiser tells about each row, for instance attribution shares; the last call's stay. */
  readonly attachments?: readonly unknown[]
}

/**
 * Anything that predicts clean pictures from noisy ones: a model of any parametrisation, or a closed
 * form. Samplers see nothing else.
 */
export interface Denoiser<Values extends FloatArray = Float32Array> {
  /** Shape of one picture or latent, for instance [3, 32, 32]. */
  readonly shape: readonly number[]
  predict(call: DenoiserCall<Values>): Promise<DenoiserAnswer<Values>>
}

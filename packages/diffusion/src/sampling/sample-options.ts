import type { DenoisingHook, Progress, Tensor } from '@assay/core'
import type { Denoiser } from './denoiser.js'
import type { FloatArray } from './float-array.js'
import type { NoiseSource } from './noise-source.js'
import type { Schedule } from './schedule.js'

/** What to sample, and how. */
export interface SampleOptions<Values extends FloatArray = Float32Array> {
  readonly denoiser: Denoiser<Values>
  readonly schedule: Schedule
  /** One seed a picture; as many pictures are drawn in one batch. */
  readonly seeds: readonly number[]
  /** Handed to the denoiser. Default: null */
  readonly condition?: Tensor | null
  /** Handed to the denoiser. Default: 1, no guidance */
  readonly guidanceScale?: number
  /** Default: `seededNoise` */
  readonly noise?: NoiseSource
  /** Asked at every model call. It must not write into the arrays that it sees. */
  readonly hook?: DenoisingHook
  /** Told after every model call, as the task `sample`. */
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** A finished batch. */
export interface SampleResult<Values extends FloatArray = Float32Array> {
  /** The final states, row-major, one picture after another: what the sampler drew. */
  readonly state: Values
  /** The clean pictures of the last model call, as the hook left them. */
  readonly clean: Values
  /** What the denoiser told of each row at the last model call, or null. */
  readonly attachments: readonly unknown[] | null
}

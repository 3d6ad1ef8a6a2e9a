import type { DenoisingHook } from './denoising-hook.js'
import type { RgbImage } from './image.js'
import type { Progress } from './progress.js'

/** What to draw. */
export interface GenerationRequest {
  readonly prompt: string
  readonly negativePrompt?: string
  /** Pictures wanted, a whole number of at least 1. */
  readonly count: number
  /**
   * First seed, a safe integer; picture i uses `seed + i`, so that each can be drawn again alone. The
   * last, `seed + (count - 1)`, must be safe as well.
   */
  readonly seed: number
  /** Size in pixels; the generator's own where absent. */
  readonly width?: number
  readonly height?: number
  /** Model calls a picture; the generator's own where absent. */
  readonly steps?: number
  readonly guidanceScale?: number
  /** Shown every model call; refused by a generator that lets nobody into its model calls. */
  readonly hook?: DenoisingHook
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** A picture, or the generator's refusal to draw one. A refusal is an outcome, not an error. */
export type GeneratedImage =
  | {
      readonly outcome: 'image'
      readonly image: RgbImage
      readonly seed: number
      /**
       * The picture file as a service sent it, whose pixels `image` are: keep these bytes rather than
       * write the pixels anew. Absent where the generator makes pixels, not files.
       */
      readonly file?: { readonly bytes: Uint8Array; readonly mediaType: string }
      /** What the generator tells about it, for instance attribution shares. */
      readonly metadata?: Readonly<Record<string, unknown>>
    }
  | { readonly outcome: 'rejected'; readonly seed: number; readonly reason: string }

/** Text to pictures. What is behind it is held to this by `checkGenerator` of `@assay/core/testing`. */
export interface ImageGenerator {
  readonly specificationVersion: 1
  readonly id: string
  /** Hash over weights and configuration, or null for a remote service that tells none. */
  readonly fingerprint: string | null
  /**
   * Pictures as they are finished, one outcome for each seed.
   *
   * @throws AssayError `INVALID_ARGUMENT` or `NOT_FINITE`, from the iteration, for a request that cannot
   *   be met; `ABORTED` where another picture is asked for once the signal is aborted
   */
  generate(request: GenerationRequest): AsyncIterable<GeneratedImage>
}

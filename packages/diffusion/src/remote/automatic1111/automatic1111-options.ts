import type { ServiceOptions } from '../http/service-options.js'

/** A server of the Stable Diffusion web UI by Automatic1111, or of a fork with the same interface. */
export interface Automatic1111GeneratorOptions extends ServiceOptions {
  /** Default: `http://127.0.0.1:7860`. The server must have been started with `--api`. */
  readonly baseUrl?: string
  /** `user:password` of `--api-auth`. Default: none. */
  readonly key?: string | null
  /** Checkpoint to draw with. Default: the one that the server has loaded. */
  readonly model?: string
  /**
   * Pictures a request. Default: 1. In another batch the same seed draws another picture, in details or
   * wholly, so that only 1 lets every picture be drawn again alone.
   */
  readonly batchSize?: number
  /** Further fields of a request, for instance `sampler_name`, `scheduler` or `override_settings`. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

import type { ServiceOptions } from '../http/service-options.js'

/** Hugging Face inference: the hosted service, or a dedicated endpoint. */
export interface HuggingFaceGeneratorOptions extends ServiceOptions {
  /**
   * Default: `https://router.huggingface.co/hf-inference`. For a dedicated endpoint its own address, and
   * `model: null`.
   */
  readonly baseUrl?: string
  /** Repository of the model, for instance `stabilityai/stable-diffusion-xl-base-1.0`; null: an endpoint. */
  readonly model: string | null
  /** Further `parameters` of a request, for instance `scheduler`. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

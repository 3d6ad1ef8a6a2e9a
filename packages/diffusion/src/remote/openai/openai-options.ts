import type { ServiceOptions } from '../http/service-options.js'

/** OpenAI's image interface, or a server that speaks like it. */
export interface OpenAIGeneratorOptions extends ServiceOptions {
  /** Address up to the version. Default: `https://api.openai.com/v1`. */
  readonly baseUrl?: string
  /** For instance `gpt-image-1`, `dall-e-3` or `dall-e-2`. */
  readonly model: string
  /**
   * Pictures a request, at most 10, of `dall-e-3` 1. Default: 1, so that the filter judges each picture
   * alone: a refusal concerns a whole request.
   */
  readonly batchSize?: number
  /** Further fields of a request, for instance `quality`, `background`, `moderation` or `style`. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /**
   * Origins that a picture may be fetched from, without the key, where the service answers with addresses
   * instead of pictures. The service's own is always allowed. Default: no other.
   */
  readonly pictureOrigins?: readonly string[]
}

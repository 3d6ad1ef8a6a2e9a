import type { ServiceOptions } from '../http/service-options.js'

/** A ComfyUI server. */
export interface ComfyUIGeneratorOptions extends ServiceOptions {
  /** Default: `http://127.0.0.1:8188`. */
  readonly baseUrl?: string
  /**
   * Workflow in the form that ComfyUI's "Export (API)" writes: nodes by id. Texts of it that hold
   * `{{prompt}}`, `{{negativePrompt}}`, `{{seed}}`, `{{width}}`, `{{height}}`, `{{steps}}` or
   * `{{guidanceScale}}` get the request's values; one that is nothing else becomes a number where the
   * value is one. `{{prompt}}` and `{{seed}}` must stand in it.
   */
  readonly workflow: Readonly<Record<string, unknown>>
  /** Values for placeholders whose field a request leaves out. `negativePrompt` is empty by default. */
  readonly defaults?: {
    readonly negativePrompt?: string
    readonly width?: number
    readonly height?: number
    readonly steps?: number
    readonly guidanceScale?: number
  }
  /** Id of the node whose picture is meant, where several give some. Default: any that saves pictures. */
  readonly outputNode?: string
  /** Longest time for a picture, waiting in the queue included, in seconds. Default: 600. */
  readonly workflowSeconds?: number
  /** Seconds between two looks at whether a picture is done. Default: 0.5. */
  readonly pollSeconds?: number
}

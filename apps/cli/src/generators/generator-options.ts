import type { ImageGenerator } from '@assay/core'
import type { Device } from '@assay/tensor'

/** How a generator is opened. */
export interface GeneratorOptions {
  /** What computes a generator on this machine. Default: cpu */
  readonly device?: Device
  /** File of a ComfyUI workflow. */
  readonly workflow?: string
  readonly signal?: AbortSignal
}

/** A generator that is ready. */
export interface OpenedGenerator {
  readonly generator: ImageGenerator
  /** Frees what it holds. */
  close(): Promise<void>
}

import type { GenerationRequest } from '@assay/core'
import type { ServiceAccess } from './http/service-access.js'
import type { RemoteMetadata } from './remote-metadata.js'

/** Wishes of a request that a service may or may not know. */
export type Wish = 'negativePrompt' | 'width' | 'height' | 'steps' | 'guidanceScale'

/** Some pictures of a request, which one call of the service draws. */
export interface Batch {
  readonly request: GenerationRequest
  /** One for each picture, one more from each to the next. */
  readonly seeds: readonly number[]
  readonly signal: AbortSignal
}

/** A picture file, or the words with which the service refused it. */
export type Drawing =
  | {
      readonly bytes: Uint8Array
      readonly metadata: Omit<RemoteMetadata, 'sizeHonoured' | 'batchSize'>
    }
  | { readonly refusal: string }

/** What a service does differently from the others. */
export interface RemoteService {
  readonly id: string
  readonly access: ServiceAccess
  readonly knows: readonly Wish[]
  readonly batchSize: number
  /** Refuses what the service is known to refuse, before anything is sent. */
  readonly check?: (request: GenerationRequest) => void
  /** One drawing for each seed, in their order. */
  readonly draw: (batch: Batch) => Promise<readonly Drawing[]>
}

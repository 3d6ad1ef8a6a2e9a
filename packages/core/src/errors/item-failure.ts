import { AssayError, type ErrorLocation } from './assay-error.js'
import type { AssayErrorCode } from './error-codes.js'

/** One item that could not be processed: a value in a result, so that the others go on. */
export interface ItemFailure {
  /** Identifier of the item. */
  readonly id: string
  /** Stage that failed, for instance `read`, `decode`, `embed` or `judge`. */
  readonly stage: string
  readonly code: AssayErrorCode
  readonly message: string
  readonly location: ErrorLocation
}

/**
 * The failure that `error` means for the item `id` at a stage. An abort is not a failure of an item,
 * and a fault that is no AssayError is ours: both are thrown on, unchanged.
 */
export function itemFailure(id: string, stage: string, error: unknown): ItemFailure {
  if (!AssayError.isInstance(error) || error.kind === 'aborted') throw error
  const { code, message, location } = error
  return { id, stage, code, message, location }
}

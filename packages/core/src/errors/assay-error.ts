import { type AssayErrorCode, type AssayErrorKind, errorKinds } from './error-codes.js'

// Registered globally, so that an error is recognised across two installed copies of this package.
const marker = Symbol.for('assay.error')

/** Where in a file or a batch an error lies; each field as far as it is known. */
export interface ErrorLocation {
  /** Path or name of the file. */
  readonly file?: string
  /** Row, line (counted from 1) or item number. */
  readonly row?: number
  /** Identifier of the item. */
  readonly id?: string
}

/** What an {@link AssayError} is made from. */
export interface AssayErrorOptions {
  /** Stable code from the closed table of codes. */
  readonly code: AssayErrorCode
  /** What happened, as one sentence that names the value. */
  readonly message: string
  /** The value that gave offence; never a secret. */
  readonly value?: unknown
  /** What the reader can do about it, as one sentence. */
  readonly remedy: string
  /** Where it happened. */
  readonly location?: ErrorLocation
  /** The error underneath. */
  readonly cause?: unknown
}

/**
 * The one error class of Assay. Tell errors apart by `code` or by `kind`, never by message; use
 * {@link AssayError.isInstance} instead of `instanceof`, which fails across duplicate installs.
 */
export class AssayError extends Error {
  readonly code: AssayErrorCode
  readonly kind: AssayErrorKind
  readonly value: unknown
  readonly remedy: string
  readonly location: ErrorLocation

  constructor({ code, message, value, remedy, location = {}, cause }: AssayErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    Object.defineProperty(this, marker, { value: true })
    this.name = 'AssayError'
    this.code = code
    this.kind = errorKinds[code]
    this.value = value
    this.remedy = remedy
    this.location = location
  }

  /** Whether `error` is an AssayError, also one of another installed copy of this package. */
  static isInstance(error: unknown): error is AssayError {
    return typeof error === 'object' && error !== null && marker in error
  }

  /** The part that belongs in a result document: no stack, no value. */
  toJSON(): { code: AssayErrorCode; message: string; remedy: string; location: ErrorLocation } {
    return {
      code: this.code,
      message: this.message,
      remedy: this.remedy,
      location: this.location,
    }
  }
}

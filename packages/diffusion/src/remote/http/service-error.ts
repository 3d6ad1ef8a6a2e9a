import { AssayError, type AssayErrorCode } from '@assay/core'
import type { ServiceAccess } from './service-access.js'

/** What went wrong with a service. */
export interface ServiceFault {
  /** Default: `NETWORK_FAILED`. */
  readonly code?: AssayErrorCode
  /** What the service did, to follow its name in a sentence; may hold words of the service. */
  readonly reason: string
  readonly remedy: string
}

/**
 * An error that names the service and its origin, without secrets. What lies underneath is told in
 * words and never attached: errors of parsers and sockets carry bytes of the answer.
 */
export const serviceError = (access: ServiceAccess, fault: ServiceFault): AssayError =>
  new AssayError(plain(access, fault))

/** A failure that another attempt may mend: a cut, a stall, an overloaded server. */
export class TransientFault extends AssayError {
  /** Seconds that the service asks to wait, or null. */
  readonly retryAfter: number | null

  constructor(access: ServiceAccess, fault: ServiceFault, retryAfter: number | null = null) {
    super(plain(access, fault))
    this.retryAfter = retryAfter
  }
}

const plain = (
  { service, base, redact }: ServiceAccess,
  { code = 'NETWORK_FAILED', reason, remedy }: ServiceFault,
) => ({
  code,
  message: redact(`${service} at ${base.origin} ${reason}.`),
  value: base.origin,
  remedy,
})

/** The error of a caller that stopped. */
export const abortedError = (signal: AbortSignal): AssayError =>
  new AssayError({
    code: 'ABORTED',
    message: 'The pictures were stopped by their caller.',
    remedy: 'Ask for them again; what a service draws meanwhile is lost.',
    cause: signal.reason,
  })

import { AssayError } from '@assay/core'

/** What a step service bears. Each limit stops a mistaken or hostile client. */
export interface ServiceLimits {
  /** Bytes of a request's body. Default: 64 MiB, two batches of sixteen 1024 x 1024 latents of SD3. */
  readonly bodyBytes: number
  /** Pictures of a batch. Default: 256; the header that names rows stays short. */
  readonly rows: number
  /** Sessions that are open at once. Default: 64. */
  readonly sessions: number
  /** Banks that are kept at once. Default: 64. */
  readonly banks: number
  /** Values in all banks together. Default: 2^27, half a gigabyte of float32. */
  readonly bankValues: number
  /** Requests in work at once, over all connections. Default: 16. */
  readonly concurrentRequests: number
  /** Connections that are open at once. Default: 64. */
  readonly connections: number
  /** Milliseconds in which a request must have arrived whole, and of silence in reading its answer. Default: 30,000. */
  readonly requestTimeout: number
  /** Milliseconds for which a connection may be silent between requests. Default: 60,000. */
  readonly idleTimeout: number
  /** Milliseconds after which a session that nobody asks for is freed. Default: one hour. */
  readonly sessionTimeout: number
  /** Milliseconds that requests in work have to finish when the service closes. Default: 10,000. */
  readonly closeTimeout: number
}

const defaultLimits: ServiceLimits = {
  bodyBytes: 64 * 2 ** 20,
  rows: 256,
  sessions: 64,
  banks: 64,
  bankValues: 2 ** 27,
  concurrentRequests: 16,
  connections: 64,
  requestTimeout: 30_000,
  idleTimeout: 60_000,
  sessionTimeout: 3_600_000,
  closeTimeout: 10_000,
}

/**
 * All limits, defaults filled in.
 *
 * @throws AssayError `INVALID_ARGUMENT` for one that is not a whole number of at least 1
 */
export function serviceLimits(given: Partial<ServiceLimits> = {}): ServiceLimits {
  const limits = { ...defaultLimits, ...given }
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value >= 1) continue
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The limit ${name} of a service cannot be ${value}.`,
      value,
      remedy: 'Give a whole number of at least 1.',
    })
  }
  return limits
}

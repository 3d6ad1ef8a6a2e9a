import type { ImageLimits } from '@assay/embed'

/** How a service is reached, and how long and how much it is listened to. */
export interface ServiceOptions {
  /**
   * Address of the service, under which its paths lie; http or https, without user, query and fragment.
   * It is trusted: it may be on this machine or in your own network.
   */
  readonly baseUrl?: string
  /**
   * Secret that the service asks for. Sent to `baseUrl` only, and found neither in errors nor in
   * metadata. Default: none.
   */
  readonly key?: string | null
  /** Whether the key may be sent over plain http to another machine. Default: false. */
  readonly keyOverPlainHttp?: boolean
  /** What the generator is called in results. Default: the service and its model. */
  readonly id?: string
  /** Requests under way at once. Default: 2 for hosted services, 1 for those of one's own. */
  readonly concurrency?: number
  /** Seconds from asking to the last byte of an answer. Default: 300. */
  readonly timeoutSeconds?: number
  /** Seconds after which an answer that has begun counts as stalled where less than 1,024 bytes came. Default: 30. */
  readonly stallSeconds?: number
  /** Attempts after the first one, where a failure may pass (408, 425, 429, 5xx, cuts, stalls). Default: 4. */
  readonly retries?: number
  /** Seconds before the second attempt at most; doubled before each further one, up to 30. Default: 1. */
  readonly backOffSeconds?: number
  /** Longest wish of the service to wait that is granted, in seconds. Default: 120. */
  readonly longestWaitSeconds?: number
  /** Largest answer, in bytes. Default: 64 MiB. */
  readonly answerBytes?: number
  /** Limits of a picture, see `decodeImage` in `@assay/embed`. Default: those of `@assay/embed`. */
  readonly imageLimits?: Partial<ImageLimits>
}

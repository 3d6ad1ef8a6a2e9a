import { AssayError } from '@assay/core'

/** A URL without what may be secret: no query (signatures), no user, no fragment. */
export const plainUrl = (url: URL): string => `${url.origin}${url.pathname}`

interface NetworkFault {
  /** What happened, as one sentence. */
  readonly message: string
  readonly url: URL
  readonly remedy?: string
  readonly cause?: unknown
}

const fault = ({ message, url, remedy, cause }: NetworkFault) => ({
  code: 'NETWORK_FAILED' as const,
  message,
  value: plainUrl(url),
  remedy:
    remedy ?? 'Check the connection and run the same command again; what has arrived is kept.',
  cause,
})

/** A failure that another attempt may mend: a cut, a stall, an overloaded server. */
export class TransientFault extends AssayError {
  /** Seconds that the server asks to wait, or null. */
  readonly retryAfter: number | null

  constructor(options: NetworkFault & { readonly retryAfter?: number | null }) {
    super(fault(options))
    this.retryAfter = options.retryAfter ?? null
  }
}

/** A failure that would come again. */
export const networkError = (options: NetworkFault): AssayError => new AssayError(fault(options))

/** A URL that must not be asked for. */
export const urlRefused = (url: URL, reason: string): AssayError =>
  new AssayError({
    code: 'URL_REFUSED',
    message: `${plainUrl(url)} was not asked for: ${reason}.`,
    value: plainUrl(url),
    remedy: 'Use a hub that you trust and that serves its files over https.',
  })

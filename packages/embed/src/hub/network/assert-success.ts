import { AssayError } from '@assay/core'
import type { HubResponse } from './get-from-hub.js'
import { networkError, plainUrl, TransientFault } from './network-error.js'

/** Statuses that say: later. */
const later = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Lets only success (2xx) pass, with a body that is not encoded: a length and a hash mean nothing on a
 * gzip of it, and it was not asked for.
 *
 * @param hub tells a refusal of the hub from one of a storage it redirects to, whose signed URLs expire
 * @throws AssayError `MODEL_FILE_MISSING`, `ACCESS_DENIED`, `NETWORK_FAILED`
 */
export function assertSuccess({ status, headers, url }: HubResponse, hub: URL): void {
  const place = plainUrl(url)
  const encoding = headers['content-encoding'] ?? 'identity'
  if (status >= 200 && status < 300) {
    if (encoding === 'identity') return
    const message = `${place} came as ${encoding}, which was not asked for.`
    throw networkError({ message, url, remedy: 'Use a hub that serves files as they are.' })
  }
  const message = `${place} answered with status ${status}.`
  if (status === 404 || status === 410) throw missing(place, message)
  if (status === 401 || status === 403) {
    throw url.origin === hub.origin ? denied(place, message) : new TransientFault({ message, url })
  }
  if (!later.has(status)) throw networkError({ message, url })
  throw new TransientFault({ message, url, retryAfter: retryAfter(headers['retry-after']) })
}

/** Seconds in a Retry-After header, which holds a number of them or a date; null without one. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null
  if (/^\d{1,9}$/.test(header)) return Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, (date - Date.now()) / 1000)
}

const missing = (place: string, message: string) =>
  new AssayError({
    code: 'MODEL_FILE_MISSING',
    message,
    value: place,
    remedy: 'The hub no longer has it. Look for a newer version of the model card.',
  })

const denied = (place: string, message: string) =>
  new AssayError({
    code: 'ACCESS_DENIED',
    message,
    value: place,
    remedy:
      "Accept the model's terms on its page, and put a token that may read it into HF_TOKEN. The hub answers in the same way where there is no such model.",
  })

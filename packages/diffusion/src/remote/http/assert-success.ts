import { retryAfter } from './retry-after.js'
import type { ServiceAnswer } from './send.js'
import type { ServiceAccess } from './service-access.js'
import { type ServiceFault, serviceError, TransientFault } from './service-error.js'
import { wordsOf } from './words-of.js'

/** Statuses below 500 that say: later. */
const later = new Set([408, 425, 429])

/**
 * Lets only success (2xx) pass.
 *
 * @throws AssayError `ACCESS_DENIED` (401, 402, 403), `URL_REFUSED` for a redirect, `INVALID_ARGUMENT`
 *   where the service refuses the request, `NETWORK_FAILED` (404, and a {@link TransientFault} for 408,
 *   425, 429 and 5xx)
 */
export function assertSuccess(access: ServiceAccess, answer: ServiceAnswer): void {
  const { status, headers } = answer
  if (status >= 200 && status < 300) return
  const words = wordsOf(access, answer)
  const reason = `answered with status ${status}${words === null ? '' : `: ${words}`}`
  if (status >= 500 || later.has(status)) {
    const remedy = 'Wait and ask again, or lower `concurrency`.'
    throw new TransientFault(access, { reason, remedy }, retryAfter(headers['retry-after']))
  }
  throw serviceError(access, { reason, ...meaning(status) })
}

function meaning(status: number): Omit<ServiceFault, 'reason'> {
  if (status >= 300 && status < 400) {
    const remedy = 'Redirects are not followed. Give the address that it leads to as `baseUrl`.'
    return { code: 'URL_REFUSED', remedy }
  }
  if (status === 401 || status === 403) {
    const remedy = 'Give a `key` that the service accepts and that may use this model.'
    return { code: 'ACCESS_DENIED', remedy }
  }
  if (status === 402) {
    return { code: 'ACCESS_DENIED', remedy: 'Settle the account with the service.' }
  }
  if (status === 404 || status === 405 || status === 410) {
    return {
      remedy: 'Check `baseUrl`, the name of the model, and that the service offers its API.',
    }
  }
  const remedy = 'Change the request, or the options of the generator, as the service says.'
  return { code: 'INVALID_ARGUMENT', remedy }
}

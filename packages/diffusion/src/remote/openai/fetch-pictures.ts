import { AssayError } from '@assay/core'
import { ask } from '../http/ask.js'
import { assertSuccess } from '../http/assert-success.js'
import type { ServiceAccess } from '../http/service-access.js'

/**
 * Fetches a picture that an answer only gives the address of, and only from where the user allows: an
 * address in an answer may point into the user's own network.
 *
 * @throws AssayError `URL_REFUSED`; else as any request to the service
 */
export async function fetchPicture(
  access: ServiceAccess,
  address: string,
  { allowed, signal }: { readonly allowed: ReadonlySet<string>; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const url = URL.canParse(address, access.base.href) ? new URL(address, access.base) : null
  const hasUser = url !== null && (url.username !== '' || url.password !== '')
  if (url === null || hasUser || !allowed.has(url.origin)) throw refused(access, url)
  return ask(access, { url, accept: 'image/*', signal }, (answer) => {
    assertSuccess(access, answer)
    return answer.body
  })
}

/**
 * Origins that pictures may come from.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function allowedOrigins(
  { base }: ServiceAccess,
  origins: readonly string[],
): ReadonlySet<string> {
  for (const origin of origins) {
    if (isOrigin(origin)) continue
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `"${origin}" is no origin.`,
      value: origin,
      remedy: 'Give scheme, host and port only, for instance "https://pictures.example".',
    })
  }
  return new Set([base.origin, ...origins])
}

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) &&
  !text.includes('*') &&
  URL.canParse(text) &&
  new URL(text).origin === text

const refused = ({ service, redact }: ServiceAccess, url: URL | null) => {
  const origin = redact(url === null ? 'no address' : url.origin)
  return new AssayError({
    code: 'URL_REFUSED',
    message: `${service} answered with a picture at ${origin}, which was not asked for.`,
    value: origin,
    remedy:
      'Let the service answer with base64, or add the origin to `pictureOrigins` if you trust it.',
  })
}

import { retrying } from './retrying.js'
import { type ServiceAnswer, type ServiceRequest, send } from './send.js'
import type { ServiceAccess } from './service-access.js'

/**
 * Asks a service, again where that may help, and lets `read` make something of the answer.
 *
 * @param read may throw a `TransientFault` to have the service asked again
 * @throws AssayError as `send`, and whatever `read` throws
 */
export const ask = <Result>(
  access: ServiceAccess,
  request: ServiceRequest & { readonly signal: AbortSignal },
  read: (answer: ServiceAnswer) => Result,
): Promise<Result> =>
  retrying(access, request.signal, async () => read(await send(access, request, request.signal)))

/** A URL under the service's address, which may itself lie under a path; each part is escaped. */
export const urlUnder = (
  { base }: ServiceAccess,
  parts: readonly string[],
  query: Readonly<Record<string, string>> = {},
): URL => {
  const root = `${base.origin}${base.pathname.replace(/\/*$/, '')}`
  const path = [root, ...parts.map(encodeURIComponent)].join('/')
  const url = new URL(path)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { AssayError } from '@assay/core'
import { abortedError, assertNotAborted } from '../../pipeline/aborted-error.js'
import { networkError, plainUrl, TransientFault, urlRefused } from './network-error.js'
import { readPieces } from './read-pieces.js'
import type { UrlRules } from './url-rules.js'
import { watchStall } from './watch-stall.js'

/** What every request to a hub shares. */
export interface HubAccess {
  readonly rules: UrlRules
  /** Sent to the hub only, never to where it redirects; null: none. */
  readonly token: string | null
  /** Seconds in which at least 1,024 bytes must arrive. */
  readonly stallSeconds: number
  readonly signal: AbortSignal | undefined
}

/** An answer that is no redirect. */
export interface HubResponse {
  /** Where it came from in the end. */
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The body as it is on the wire, piece by piece. */
  readonly pieces: AsyncIterable<Uint8Array>
}

const MOST_REDIRECTS = 10
const redirections = new Set([301, 302, 303, 307, 308])

/** Failures of a connection that may pass. */
const passing = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
])

/**
 * Asks for a URL, follows redirects under the rules, and lets `read` look at the answer, whatever its
 * status; the connection is gone afterwards.
 *
 * @throws AssayError `URL_REFUSED`, `NETWORK_FAILED` (a {@link TransientFault} where another attempt may
 *   help), `ABORTED`; and whatever `read` throws
 */
export async function getFromHub<Result>(
  url: URL,
  access: HubAccess & { readonly headers?: Readonly<Record<string, string>> },
  read: (response: HubResponse) => Promise<Result>,
): Promise<Result> {
  const { signal, stallSeconds } = access
  assertNotAborted(signal)
  const watch = watchStall(stallSeconds)
  const ending = signal ? AbortSignal.any([signal, watch.signal]) : watch.signal
  try {
    const answer = await follow(url, { ...access, signal: ending })
    try {
      return await read({ ...answer, pieces: readPieces(answer.message, watch) })
    } finally {
      answer.message.destroy()
    }
  } catch (error) {
    if (signal?.aborted) throw abortedError(signal)
    if (watch.signal.aborted) throw stalled(url, stallSeconds)
    throw translated(url, error)
  } finally {
    watch.end()
  }
}

interface Answer extends Omit<HubResponse, 'pieces'> {
  readonly message: IncomingMessage
}

async function follow(
  start: URL,
  { rules, token, headers = {}, signal }: Parameters<typeof getFromHub>[1],
): Promise<Answer> {
  let url = start
  let mayCarryToken = rules.confidential
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    // Once away from the hub the token stays behind, also if the way leads back.
    mayCarryToken &&= url.origin === rules.hub.origin
    const authorization =
      token !== null && mayCarryToken ? { authorization: `Bearer ${token}` } : {}
    const message = await send(url, {
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'assay',
        ...headers,
        ...authorization,
      },
      lookup: rules.admit(url),
      signal,
      // A connection of its own: what a server sends too much ends with it.
      agent: false,
    })
    const status = message.statusCode ?? 0
    if (!redirections.has(status)) return { url, status, headers: message.headers, message }
    message.destroy()
    url = target(url, message.headers.location)
  }
  throw urlRefused(start, `it redirects more than ${MOST_REDIRECTS} times`)
}

function send(url: URL, options: https.RequestOptions): Promise<IncomingMessage> {
  const { get } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    get(url, options).on('response', resolve).on('error', reject)
  })
}

function target(from: URL, location: string | undefined): URL {
  if (location !== undefined && URL.canParse(location, from.href)) return new URL(location, from)
  throw networkError({ message: `${plainUrl(from)} redirects to no URL.`, url: from })
}

const stalled = (url: URL, seconds: number) =>
  new TransientFault({
    message: `${plainUrl(url)} stalled: next to nothing came for ${seconds} seconds.`,
    url,
  })

/** What a failure below HTTP means; anything else unchanged. */
function translated(url: URL, error: unknown): unknown {
  if (AssayError.isInstance(error) || !(error instanceof Error) || !('code' in error)) return error
  const message = `${plainUrl(url)} could not be read: ${error.message || error.code}.`
  const mayPass = typeof error.code === 'string' && passing.has(error.code)
  return mayPass
    ? new TransientFault({ message, url, cause: error })
    : networkError({ message, url, cause: error })
}

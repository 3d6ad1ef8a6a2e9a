import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { AssayError } from '@assay/core'
import { milliseconds } from './milliseconds.js'
import type { ServiceAccess } from './service-access.js'
import { abortedError, serviceError, TransientFault } from './service-error.js'
import { type StallWatch, watchStall } from './watch-stall.js'

/** What is asked of a service. */
export interface ServiceRequest {
  readonly url: URL
  /** Sent as JSON with POST; without it, GET. */
  readonly body?: unknown
  readonly accept: string
}

/** A whole answer, whatever its status. */
export interface ServiceAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

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
 * Asks once and reads the whole answer; the connection is gone afterwards. Redirects are not followed.
 * The key goes along only where the URL has the service's own origin.
 *
 * @throws AssayError `NETWORK_FAILED` (a {@link TransientFault} where another attempt may help),
 *   `LIMIT_EXCEEDED`, `ABORTED`
 */
export async function send(
  access: ServiceAccess,
  request: ServiceRequest,
  signal: AbortSignal,
): Promise<ServiceAnswer> {
  if (signal.aborted) throw abortedError(signal)
  const { timeoutSeconds, stallSeconds } = access
  const stall = watchStall(stallSeconds)
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), milliseconds(timeoutSeconds))
  const ending = AbortSignal.any([signal, stall.signal, late.signal])
  try {
    const message = await exchange(access, request, ending)
    try {
      return await readWhole(access, message, stall)
    } finally {
      message.destroy()
    }
  } catch (error) {
    if (signal.aborted) throw abortedError(signal)
    if (late.signal.aborted) throw tooLate(access)
    if (stall.signal.aborted) throw stalled(access)
    throw translated(access, error)
  } finally {
    stall.end()
    clearTimeout(timer)
  }
}

function exchange(
  { base, authorization }: ServiceAccess,
  { url, body, accept }: ServiceRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const content = body === undefined ? null : Buffer.from(JSON.stringify(body))
  const { request } = url.protocol === 'https:' ? https : http
  const headers = {
    accept,
    'accept-encoding': 'identity',
    'user-agent': 'assay',
    ...(authorization !== null && url.origin === base.origin && { authorization }),
    ...(content && { 'content-type': 'application/json', 'content-length': content.length }),
  }
  return new Promise((resolve, reject) => {
    // A connection of its own: what a server sends too much ends with it.
    request(url, { method: content ? 'POST' : 'GET', headers, signal, agent: false })
      .on('response', resolve)
      .on('error', reject)
      .end(content ?? undefined)
  })
}

async function readWhole(
  access: ServiceAccess,
  message: IncomingMessage,
  stall: StallWatch,
): Promise<ServiceAnswer> {
  const { statusCode: status = 0, headers } = message
  if (Number(headers['content-length'] ?? 0) > access.answerBytes) throw tooLarge(access)
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw encoded(access)
  stall.begin()
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of message as AsyncIterable<Uint8Array>) {
    bytes += piece.length
    if (bytes > access.answerBytes) throw tooLarge(access)
    stall.received(piece.length)
    pieces.push(piece)
  }
  return { status, headers, body: Buffer.concat(pieces) }
}

const tooLarge = (access: ServiceAccess) =>
  serviceError(access, {
    code: 'LIMIT_EXCEEDED',
    reason: `answered with more than ${access.answerBytes} bytes`,
    remedy: 'Ask for fewer or smaller pictures, or raise `answerBytes` if you trust the service.',
  })

const encoded = (access: ServiceAccess) =>
  serviceError(access, {
    reason: 'answered with an encoded body, which was not asked for',
    remedy: 'Let the service, or the proxy before it, send answers as they are.',
  })

const tooLate = (access: ServiceAccess) =>
  serviceError(access, {
    reason: `did not answer wholly within ${access.timeoutSeconds} s`,
    remedy: 'Raise `timeoutSeconds` if the service is that slow, or lower `concurrency`.',
  })

const stalled = (access: ServiceAccess) =>
  new TransientFault(access, {
    reason: `stalled: next to nothing came for ${access.stallSeconds} s`,
    remedy: 'Check the connection and the service, then ask again.',
  })

/** What a failure below HTTP means; anything else unchanged. */
function translated(access: ServiceAccess, error: unknown): unknown {
  if (AssayError.isInstance(error) || !(error instanceof Error) || !('code' in error)) return error
  const fault = {
    reason: `could not be reached or was cut off (${error.message || error.code})`,
    remedy: 'Check that the service runs at this address and that the network lets you through.',
  }
  const mayPass = typeof error.code === 'string' && passing.has(error.code)
  return mayPass ? new TransientFault(access, fault) : serviceError(access, fault)
}

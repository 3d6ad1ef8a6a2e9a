import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Reply, refusal } from './reply.js'

/**
 * Refuses what does not come from a program of this machine's that holds the token: web pages, which send
 * an origin, other names for this machine, which pages may point at it, and other tokens. Null where
 * nothing is wrong.
 */
export function guardRequest(request: IncomingMessage, token: string): Reply | null {
  const { origin, host, authorization = '' } = request.headers
  if (origin !== undefined || request.headers['sec-fetch-site'] !== undefined) {
    return refusal(403, {
      code: 'ACCESS_DENIED',
      message: 'The service does not answer web pages.',
      remedy: 'Ask it from a program, without an Origin header.',
    })
  }
  if (!isOwnName(host, request.socket.localPort)) {
    return refusal(403, {
      code: 'ACCESS_DENIED',
      message: 'The service does not answer under this name.',
      remedy: 'Ask it at the address that it printed.',
    })
  }
  const given = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? ''
  if (isEqual(given, token)) return null
  return refusal(
    401,
    {
      code: 'ACCESS_DENIED',
      message: 'The token is missing or wrong.',
      remedy: 'Send "Authorization: Bearer TOKEN" with the token that the service printed.',
    },
    { 'www-authenticate': 'Bearer' },
  )
}

const isOwnName = (host: string | undefined, port: number | undefined) =>
  host === `127.0.0.1:${port}` || host === `localhost:${port}`

/** Takes the same time wherever texts differ, and whatever their lengths. */
function isEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

import type { ServerResponse } from 'node:http'
import { AssayError, type AssayErrorCode } from '@assay/core'

/** An answer, before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/** What an error says to a client. */
interface Refusal {
  readonly code: AssayErrorCode
  readonly message: string
  readonly remedy: string
}

/** Statuses of errors that come up below HTTP; other errors of arguments and formats are 400. */
const statuses: Partial<Record<AssayErrorCode, number>> = {
  MISSING_INPUT: 404,
  NETWORK_FAILED: 408,
  DUPLICATE_ID: 409,
  LIMIT_EXCEEDED: 413,
  UNSUPPORTED_FORMAT: 415,
}

const blamesClient = new Set(['argument', 'format', 'configuration', 'limit', 'network'])

/** An answer in JSON. */
export const json = (value: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** The answer to what is refused: what an error says, with a status of HTTP. */
export const refusal = (
  status: number,
  { code, message, remedy }: Refusal,
  headers: Readonly<Record<string, string>> = {},
): Reply => {
  const reply = json({ code, message, remedy }, status)
  return { ...reply, headers: { ...reply.headers, ...headers } }
}

/** The answer to an error; what is no fault of the client's says nothing of what it was. */
export function replyOfError(error: unknown): Reply {
  if (AssayError.isInstance(error) && blamesClient.has(error.kind)) {
    return refusal(statuses[error.code] ?? 400, error)
  }
  return refusal(500, {
    code: AssayError.isInstance(error) ? error.code : 'INTERNAL',
    message: 'The service failed at this request.',
    remedy: 'Look at what the service prints; the same call number may be asked again.',
  })
}

/** Sends a reply; a client that takes longer than `timeout` milliseconds to read any of it is cut off. */
export function send(response: ServerResponse, reply: Reply, timeout: number): void {
  const { status, headers = {}, body = '' } = reply
  response.setTimeout(timeout, () => response.destroy())
  response.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    ...(status !== 204 && { 'content-length': String(Buffer.byteLength(body)) }),
  })
  response.end(body)
}

import type { IncomingMessage } from 'node:http'
import { AssayError } from '@assay/core'

/**
 * The body of a request. How long it may take is the server's own matter, which cuts the connection.
 *
 * @param limit bytes that are borne
 * @throws AssayError `LIMIT_EXCEEDED` for more bytes, said or sent; `NETWORK_FAILED` for a body that ends
 *   before its length
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const said = Number(request.headers['content-length'] ?? 0)
  if (said > limit) return Promise.reject(tooLarge(said, limit))
  const pieces: Uint8Array[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    request.on('data', (piece: Uint8Array) => {
      length += piece.length
      if (length > limit) reject(tooLarge(length, limit))
      else pieces.push(piece)
    })
    request.on('end', () => resolve(Buffer.concat(pieces)))
    request.on('error', (cause) => reject(cutOff(cause)))
    request.on('close', () => reject(cutOff()))
  })
}

/**
 * Reads on what a client still sends after its answer and drops it, so that it gets to read that answer;
 * beyond `limit` bytes the connection is cut.
 */
export function dropRest(request: IncomingMessage, limit: number): void {
  let dropped = 0
  request.on('error', () => undefined)
  request.on('data', (piece: Uint8Array) => {
    dropped += piece.length
    if (dropped > limit) request.destroy()
  })
  request.resume()
}

const tooLarge = (length: number, limit: number) =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `A body of ${length} bytes is more than the ${limit} that belong here.`,
    value: length,
    remedy:
      "Send one array of the session's shape and type, or begin a session of smaller batches.",
  })

const cutOff = (cause?: Error) =>
  new AssayError({
    code: 'NETWORK_FAILED',
    message: 'The body ended before its length.',
    value: null,
    remedy: 'Send the request again; a call number gives its effect once.',
    cause,
  })

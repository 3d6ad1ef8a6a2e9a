import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { AssayErrorCode } from '@assay/core'

interface Fault {
  readonly status: number
  readonly code: AssayErrorCode
  readonly message: string
  readonly remedy: string
}

const faults: Readonly<Record<string, Fault>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'NETWORK_FAILED',
    message: 'The request took too long to come whole.',
    remedy: 'Send as many bytes as content-length says, in one go.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'LIMIT_EXCEEDED',
    message: 'The headers of the request are too long.',
    remedy: 'Send what docs/shield-service.md lists.',
  },
}

const unreadable: Fault = {
  status: 400,
  code: 'INVALID_ARGUMENT',
  message: 'This is not a request of HTTP, or ends within one.',
  remedy: 'Look at its content-length, and at what stands before the next request.',
}

/** Answers what never became a request, and cuts the connection. */
export function replyToBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, ...said } = faults[error.code ?? ''] ?? unreadable
  const body = JSON.stringify(said)
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  )
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'

/** One request, with everything an answer needs. */
export interface Exchange {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Body as JSON; undefined without one. */
  readonly body: unknown
  readonly response: ServerResponse
}

/** Answers a request, faithfully or not. */
export type Answer = (exchange: Exchange) => void

/** A server on this machine. */
export interface LoopbackService {
  readonly url: string
  /** Requests so far, whole ones. */
  readonly requests: Exchange[]
  /** Connections so far, also those that asked for nothing. */
  connections: number
  /** Connections that are open. */
  open: number
  /** Faults of the next requests that `isFaulty` holds for, one each. */
  readonly faults: Answer[]
  /** Fault of every request that `isFaulty` holds for, after `faults`. */
  fault: Answer | null
  isFaulty: (path: string) => boolean
}

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Starts a service that lives until the test ends. */
export async function startService(faithful: Answer): Promise<LoopbackService> {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const { method = '', url = '', headers } = request
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    const exchange = { method, path: url, headers, body, response }
    service.requests.push(exchange)
    const fault = service.isFaulty(url) ? (service.faults.shift() ?? service.fault) : null
    ;(fault ?? faithful)(exchange)
  })
  server.on('connection', (socket) => {
    service.connections++
    service.open++
    socket.on('close', () => service.open--)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const service: LoopbackService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    connections: 0,
    open: 0,
    faults: [],
    fault: null,
    isFaulty: () => true,
  }
  return service
}

/** Answers with JSON. */
export const json =
  (value: unknown, { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}): Answer =>
  ({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(value))
  }

/** Answers with bytes or a text of a content type. */
export const bytes =
  (content: Uint8Array | string, type: string, headers: Record<string, string | number> = {}): Answer =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': type, ...headers }).end(content)
  }

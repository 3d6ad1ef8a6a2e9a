import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { AssayError } from '@assay/core'
import type { ShieldReferences } from '../references/shield-references.js'
import { answerRequest, type ServiceState } from './http/answer-request.js'
import { guardRequest } from './http/guard-request.js'
import { dropRest } from './http/read-body.js'
import { type Reply, refusal, replyOfError, send } from './http/reply.js'
import { replyToBrokenRequest } from './http/reply-to-broken-request.js'
import { type ServiceLimits, serviceLimits } from './service-limits.js'
import { createSessionStore } from './session/session-store.js'

/** What a step service offers, and how. */
export interface ShieldServiceOptions {
  /**
   * Pictures that runs may keep away from, by the names that clients use; in the space of the samplers.
   * Default: none, for pictures that only keep away from each other.
   */
  readonly references?: Readonly<Record<string, ShieldReferences>>
  /** Port on this machine; 0 for any that is free. Default: 0. */
  readonly port?: number
  /** 127.0.0.1, its default; anything else is refused, for protected pictures must not leave the machine. */
  readonly host?: string
  /** What clients must show, at least 16 characters of A-Z a-z 0-9 - . _ ~ + /. Default: 32 random bytes. */
  readonly token?: string
  readonly limits?: Partial<ServiceLimits>
  /** Closes the service. */
  readonly signal?: AbortSignal
  /** Told of faults of the service's own, which clients are not. Default: nobody is. */
  readonly onFault?: (error: unknown) => void
}

/** A step service that listens. */
export interface ShieldService {
  /** For instance `http://127.0.0.1:40123`. */
  readonly url: string
  readonly port: number
  /** To be shown to the user once, and never logged. */
  readonly token: string
  /** Sessions that are open. */
  readonly sessions: number
  /** Takes no more requests, lets those in work finish, frees all sessions and banks. */
  close(): Promise<void>
}

/**
 * Starts a service that shields samplers of other programs of this machine, step by step over HTTP;
 * docs/shield-service.md is its protocol, and python/assay_shield.py a client.
 *
 * @throws AssayError `INVALID_ARGUMENT` (host, token, limits), `NETWORK_FAILED` (the port is taken)
 */
export async function serveShield(options: ShieldServiceOptions = {}): Promise<ShieldService> {
  const { references = {}, port = 0, token = randomBytes(32).toString('base64url') } = options
  assertAddress({ host: '127.0.0.1', token, ...options })
  const limits = serviceLimits(options.limits)
  const store = createSessionStore({ references, limits })
  const gate = createGate({ store, references, limits }, { token, onFault: options.onFault })
  const server = createServer(timeouts(limits), gate.handle)
  server.maxConnections = limits.connections
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    replyToBrokenRequest(error, socket),
  )
  const address = await listen(server, port)
  let closed: Promise<void> | null = null
  const close = () => {
    closed ??= shut(server, gate.refuseFurther, limits).finally(() => store.clear())
    return closed
  }
  if (options.signal?.aborted) await close()
  options.signal?.addEventListener('abort', () => void close(), { once: true })
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    token,
    get sessions() {
      return store.size
    },
    close,
  }
}

interface GateOptions {
  readonly token: string
  readonly onFault: ((error: unknown) => void) | undefined
}

/** Lets in as many requests at once as are borne, until it is closed. */
function createGate(state: ServiceState, { token, onFault }: GateOptions) {
  let inWork = 0
  let isClosing = false

  async function answer(request: IncomingMessage): Promise<Reply> {
    const guarded = guardRequest(request, token)
    if (guarded) return guarded
    if (isClosing) return busy('The service is closing.', 'Start it again.')
    if (inWork >= state.limits.concurrentRequests) {
      return busy('The service has its hands full.', 'Ask again in a second.')
    }
    inWork += 1
    try {
      return await answerRequest(request, state)
    } catch (error) {
      const reply = replyOfError(error)
      if (reply.status >= 500) onFault?.(error)
      return reply
    } finally {
      inWork -= 1
    }
  }

  return {
    handle: async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const reply = await answer(request)
      if (isClosing) response.setHeader('connection', 'close')
      if (!request.complete) dropRest(request, state.limits.bodyBytes)
      send(response, reply, state.limits.requestTimeout)
    },
    refuseFurther: () => {
      isClosing = true
    },
  }
}

const busy = (message: string, remedy: string) =>
  refusal(503, { code: 'LIMIT_EXCEEDED', message, remedy }, { 'retry-after': '1' })

const timeouts = ({ requestTimeout, idleTimeout }: ServiceLimits) => ({
  requestTimeout,
  headersTimeout: Math.min(requestTimeout, 10_000),
  keepAliveTimeout: idleTimeout,
  connectionsCheckingInterval: Math.min(1_000, requestTimeout / 4),
  // Every header that the protocol has is short.
  maxHeaderSize: 16_384,
})

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AssayError({
          code: 'NETWORK_FAILED',
          message: `The service cannot listen on port ${port}.`,
          value: port,
          remedy: 'Give another port, or 0 for any that is free.',
          cause,
        }),
      ),
    )
    server.listen(port, '127.0.0.1', () => resolve(server.address() as AddressInfo))
  })
}

function shut(server: Server, refuseFurther: () => void, limits: ServiceLimits): Promise<void> {
  refuseFurther()
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), limits.closeTimeout)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function assertAddress({ host, token }: { readonly host: string; readonly token: string }): void {
  if (host !== '127.0.0.1') {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The service does not listen on ${JSON.stringify(host)}.`,
      value: host,
      remedy: 'Leave it on 127.0.0.1; reach it from elsewhere through a tunnel of your own.',
    })
  }
  if (/^[\w.~+/-]{16,}=*$/.test(token)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'The token is too short, or has characters that a header does not carry.',
    remedy: 'Leave it out, and the service makes one.',
  })
}

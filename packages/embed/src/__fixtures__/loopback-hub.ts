import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request for a file, with everything a faithful or a faulty answer needs. */
export interface FileExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly content: Buffer
  readonly etag: string
  /** First byte asked for; 0 without a Range header. */
  readonly start: number
  /** Answers as a faithful server does; `cutAfter` body bytes the connection ends. */
  serve(options?: {
    readonly cutAfter?: number
    readonly ignoreRange?: boolean
    readonly content?: Buffer
    readonly etag?: string | null
    readonly headers?: Readonly<Record<string, string>>
  }): void
}

/** Answers one request for a file in another way than a faithful server. */
export type Fault = (exchange: FileExchange) => void

/** A hub of the Hugging Face kind on this machine. */
export interface LoopbackHub {
  readonly url: string
  readonly commit: string
  /** Requests so far: path, and headers. */
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[]
  /** Body bytes of files that were written so far. */
  sentBytes: number
  /** Faults of the next requests for files, one each; without any, the hub is faithful. */
  readonly faults: Fault[]
  /** Fault of every request for a file, after `faults`. */
  fault: Fault | null
  /** Entries of the tree; may be changed. */
  listing: Record<string, unknown>[]
  /** Answers anything else than a file first; true: it did. */
  api: ((request: IncomingMessage, response: ServerResponse) => boolean) | null
  close(): Promise<void>
}

const hex = (algorithm: string, ...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest('hex')

/** How the hub lists a file: SHA-256 for those of its large file store, else git's id. */
export const listed = (path: string, content: Uint8Array) => {
  const oid = hex('sha1', `blob ${content.length}\0`, content)
  const entry = { type: 'file', path, size: content.length, oid }
  if (!/\.(onnx|bin|onnx_data)$/.test(path)) return entry
  const lfs = { oid: hex('sha256', content), size: content.length, pointerSize: 134 }
  return { ...entry, oid: 'f'.repeat(40), lfs }
}

/** Starts a hub that has one repository. */
export async function startHub(
  files: Readonly<Record<string, Buffer>>,
  repository = 'owner/name',
): Promise<LoopbackHub> {
  const commit = 'c'.repeat(40)
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://hub').pathname
    hub.requests.push({ path: request.url ?? '', headers: request.headers })
    const name = path.match(new RegExp(`^/${repository}/resolve/[^/]+/(.*)$`))?.[1]
    if (name === undefined) {
      if (!hub.api?.(request, response)) answerApi(hub, repository, path, response)
      return
    }
    const content = files[decodeURIComponent(name)]
    if (content === undefined) response.writeHead(404).end()
    else answerFile(hub, { request, response, path: name, content })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const hub: LoopbackHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commit,
    requests: [],
    sentBytes: 0,
    faults: [],
    fault: null,
    listing: Object.entries(files).map(([path, content]) => listed(path, content)),
    api: null,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return hub
}

function answerApi(
  hub: LoopbackHub,
  repository: string,
  path: string,
  response: ServerResponse,
): void {
  const json = (value: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (path.startsWith(`/api/models/${repository}/revision/`)) json({ sha: hub.commit, id: repository })
  else if (path === `/api/models/${repository}/tree/${hub.commit}`) json(hub.listing)
  else response.writeHead(404).end()
}

type Asked = Pick<FileExchange, 'request' | 'response' | 'path' | 'content'>

function answerFile(hub: LoopbackHub, asked: Asked): void {
  const { request, response } = asked
  const own = `"${hex('sha256', asked.content)}"`
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const fault = hub.faults.shift() ?? hub.fault
  const serve: FileExchange['serve'] = (options = {}) => {
    const { content = asked.content, etag = own, cutAfter, ignoreRange, headers = {} } = options
    const condition = request.headers['if-range']
    const from = ignoreRange || (condition !== undefined && condition !== etag) ? 0 : start
    const common = { ...(etag !== null && { etag }), 'accept-ranges': 'bytes' }
    if (from > 0 && from >= content.length) {
      response.writeHead(416, { ...common, 'content-range': `bytes */${content.length}` }).end()
      return
    }
    const body = content.subarray(from)
    const range = `bytes ${from}-${content.length - 1}/${content.length}`
    response.writeHead(from > 0 ? 206 : 200, {
      ...common,
      'content-length': body.length,
      ...(from > 0 && { 'content-range': range }),
      ...headers,
    })
    const part = body.subarray(0, cutAfter ?? body.length)
    hub.sentBytes += part.length
    if (part.length === body.length && cutAfter === undefined) response.end(part)
    else {
      response.flushHeaders()
      response.write(part, () => response.socket?.destroySoon())
      if (part.length === 0) response.socket?.destroySoon()
    }
  }
  const exchange = { ...asked, etag: own, start, serve }
  if (fault === null) serve()
  else fault(exchange)
}

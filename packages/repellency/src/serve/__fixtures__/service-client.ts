import { connect } from 'node:net'
import type { DenoisingHook, Tensor } from '@assay/core'
import { parseNpy, writeNpy } from '@assay/core/formats'
import { afterEach } from 'vitest'
import { serveShield, type ShieldService, type ShieldServiceOptions } from '../serve-shield.js'

const running: ShieldService[] = []

afterEach(async () => {
  for (const service of running.splice(0)) await service.close()
})

/** A service that lives until the test ends. */
export async function startService(options: ShieldServiceOptions = {}): Promise<ShieldService> {
  const service = await serveShield({ token: 'a-token-of-the-tests', ...options })
  running.push(service)
  return service
}

/** What came back. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  /** Parsed where it is JSON. */
  readonly body: unknown
  /** Parsed where it is npy. */
  readonly tensor: Tensor | null
  /** Its values, none without it. */
  readonly values: readonly number[]
  /** Rows that the npy stands for. */
  readonly rows: readonly number[]
}

/** Asks as a client of this package would. */
export async function ask(
  { url, token }: { readonly url: string; readonly token: string },
  method: string,
  path: string,
  body?: Uint8Array | object | string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const isRaw = body instanceof Uint8Array || typeof body === 'string'
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const type = response.headers.get('content-type')
  const tensor = type === 'application/x-npy' ? parseNpy(bytes) : null
  return {
    status: response.status,
    headers: response.headers,
    body: type === 'application/json' ? JSON.parse(new TextDecoder().decode(bytes)) : null,
    tensor,
    values: tensor === null ? [] : Array.from(tensor.data as Float64Array),
    rows: response.headers.get('x-assay-rows')?.split(',').map(Number) ?? [],
  }
}

/** Rows of numbers as npy. */
export function npy(rows: readonly (readonly number[])[], type: 'float32' | 'float64' = 'float64'): Uint8Array {
  const dims = [rows.length, rows[0]?.length ?? 0]
  const values = rows.flat()
  return type === 'float64'
    ? writeNpy({ type, dims, data: Float64Array.from(values) })
    : writeNpy({ type, dims, data: Float32Array.from(values) })
}

/** Begins a session; its id. */
export async function begin(service: ShieldService, options: object): Promise<string> {
  const { status, body } = await ask(service, 'POST', '/v1/sessions', options)
  if (status !== 201) throw new TypeError(JSON.stringify(body))
  return (body as { readonly session: string }).session
}

/** A hook whose shield is the service. */
export function hookOf(service: ShieldService, session: string): DenoisingHook {
  return async ({ index, prediction }) => {
    const path = `/v1/sessions/${session}/calls/${index}/repel`
    const { rows, tensor } = await ask(service, 'PUT', path, writeNpy(prediction))
    if (tensor === null) return undefined
    const data = (prediction.data as Float64Array).slice()
    const columns = data.length / (prediction.dims[0] ?? 1)
    rows.forEach((row, at) => {
      data.set((tensor.data as Float64Array).subarray(at * columns, (at + 1) * columns), row * columns)
    })
    return { prediction: { type: 'float64', dims: prediction.dims, data } }
  }
}

/** Sends bytes as they are, and says what came until the other end closed, and after how long. */
export function sendRaw(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { end = false }: { readonly end?: boolean } = {},
): Promise<{ readonly text: string; readonly milliseconds: number }> {
  const started = Date.now()
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    socket.on('data', (piece) => {
      text += piece.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve({ text, milliseconds: Date.now() - started }))
    for (const piece of pieces) socket.write(piece)
    if (end) socket.end()
  })
}

/** The head of a request as a raw client writes it. */
export const head = (
  { port, token }: ShieldService,
  line: string,
  headers: Record<string, string | number> = {},
): string =>
  [
    `${line} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    `authorization: Bearer ${token}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n')

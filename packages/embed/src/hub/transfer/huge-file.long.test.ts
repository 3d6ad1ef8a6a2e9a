import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hubAccess } from '../hub-options.js'
import { downloadFile } from './download-file.js'

/** More than fits into 31 bits, and no multiple of a piece. */
const bytes = 2 ** 31 + 2 ** 20 + 7
const cutAt = 2 ** 31 + 5
const piece = Buffer.alloc(2 ** 20, 'a piece of weights')

let folder: string
const ranges: (string | undefined)[] = []
let sent = 0

/** The piece over and over, from any place on. */
function* content(start: number, end: number): Generator<Uint8Array> {
  for (let place = start; place < end; ) {
    const from = place % piece.length
    const part = piece.subarray(from, Math.min(piece.length, from + end - place))
    yield part
    place += part.length
  }
}

const server = createServer(async ({ headers }, response) => {
  ranges.push(headers.range)
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': bytes - start,
    ...(start > 0 && { 'content-range': `bytes ${start}-${bytes - 1}/${bytes}` }),
  })
  for (const part of content(start, start < cutAt ? cutAt : bytes)) {
    sent += part.length
    if (response.write(part)) continue
    await new Promise((resolve) => response.once('drain', resolve))
  }
  if (start < cutAt) response.socket?.destroySoon()
  else response.end()
})

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-huge-'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

it('a file of more than 2 GiB that is cut beyond 2^31 arrives whole, in little memory', async () => {
  const hash = createHash('sha256')
  for (const part of content(0, bytes)) hash.update(part)
  const sha256 = hash.digest('hex')
  const target = join(folder, 'model.onnx_data')
  const hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const before = process.memoryUsage.rss()
  let most = 0
  const onBytes = () => {
    most = Math.max(most, process.memoryUsage.rss())
  }
  const url = new URL(`${hub}/file`)
  const access = hubAccess({ hub, backOffSeconds: 0.001 })
  await downloadFile({ url, target, bytes, sha256, gitBlob: null, onBytes }, access)
  expect(statSync(target).size).toBe(bytes)
  expect(ranges).toEqual([undefined, `bytes=${cutAt}-`])
  expect(sent).toBeLessThanOrEqual(bytes * 1.05)
  expect(most - before).toBeLessThan(256 * 2 ** 20)
})

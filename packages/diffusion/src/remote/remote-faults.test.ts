import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { drawn, failure, printed } from './__fixtures__/drawn.js'
import { type Answer, bytes, json, startService } from './__fixtures__/loopback-service.js'
import { pixelsOf } from './__fixtures__/pictures.js'
import { services } from './__fixtures__/services.js'
import type { ServiceOptions } from './http/service-options.js'

const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  ({ response }) =>
    void response.writeHead(code, headers).end(body)

/** Begins an answer with a length, sends some of it, and does what comes then. */
const begun =
  (then: (response: Parameters<Answer>[0]['response']) => void, length = 5000): Answer =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': length })
    response.write('{"data":[', () => then(response))
  }

const cut = begun((response) => response.socket?.destroySoon())

describe.each(Object.entries(services))('%s', (_, service) => {
  const { create, faithful, isFaulty, isFile, key } = service

  /** A generator for a server whose answers are faithful but for the given faults. */
  async function set(
    { faults = [], fault = null }: { faults?: Answer[]; fault?: Answer | null },
    options: ServiceOptions = {},
  ) {
    const server = await startService(faithful)
    server.faults.push(...faults)
    Object.assign(server, { fault, isFaulty })
    const generator = create({ baseUrl: server.url, backOffSeconds: 0.001, key, ...options })
    const asked = () => server.requests.filter(({ path }) => isFaulty(path)).length
    return { server, generator, asked }
  }

  it('gives the picture, its pixels and its file', async () => {
    const { generator } = await set({})
    const progress = vi.fn()
    const [image, ...others] = await drawn(generator, { progress })
    expect(others).toEqual([])
    if (image?.outcome !== 'image') return expect.fail(printed(image))
    expect(image.seed).toBe(7)
    expect(image.image).toMatchObject({ width: 16, height: 8 })
    expect(image.image.data).toEqual(pixelsOf(7))
    expect(image.file?.mediaType).toBe('image/png')
    expect(progress.mock.calls).toEqual([
      [{ task: `generate with ${generator.id}`, done: 1, total: 1 }],
    ])
  })

  it.each([
    ['429', status(429)],
    ['500', status(500)],
    ['503', status(503)],
    ['529', status(529)],
    ['a connection that is cut in the middle', cut],
    ['a connection that is cut at once', ({ response }) => void response.destroy()],
  ] satisfies [string, Answer][])('asks again after %s', async (_, fault) => {
    const { generator, asked } = await set({ faults: [fault, fault] })
    expect(await drawn(generator)).toHaveLength(1)
    expect(asked()).toBe(3)
  })

  it('gives up at once where it should wait for longer than is granted', async () => {
    const fault = status(429, { 'retry-after': '61' }, 'slow down')
    const { generator, asked } = await set({ fault }, { longestWaitSeconds: 60 })
    expect((await failure(drawn(generator))).code).toBe('NETWORK_FAILED')
    expect(asked()).toBe(1)
  })

  it('gives up after the last retry', async () => {
    const { generator, asked } = await set({ fault: status(500) }, { retries: 2 })
    const error = await failure(drawn(generator))
    expect(error).toMatchObject({ code: 'NETWORK_FAILED' })
    expect(error.message).toContain('500')
    expect(asked()).toBe(3)
  })

  it.each([
    [400, 'INVALID_ARGUMENT'],
    [401, 'ACCESS_DENIED'],
    [402, 'ACCESS_DENIED'],
    [403, 'ACCESS_DENIED'],
    [405, 'NETWORK_FAILED'],
    [422, 'INVALID_ARGUMENT'],
  ])('says what a %i means, without asking again', async (code, expected) => {
    const words = { error: { message: `no, not with ${key}` } }
    const { generator, asked } = await set({ fault: json(words, { status: code }) })
    const error = await failure(drawn(generator))
    expect(error.code).toBe(expected)
    expect(error.message).toContain(`${code}: no, not with [key]`)
    expect(error.remedy.length).toBeGreaterThan(20)
    expect(asked()).toBe(1)
  })

  it.each([301, 302, 303, 307, 308])('follows no redirect with status %i', async (code) => {
    const elsewhere = await startService(faithful)
    const fault = status(code, { location: `${elsewhere.url}/a` })
    const { generator } = await set({ fault })
    expect((await failure(drawn(generator))).code).toBe('URL_REFUSED')
    expect(elsewhere.connections).toBe(0)
  })

  it('ends an answer that stalls, and one that trickles', async () => {
    const trickle = begun((response) => {
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    })
    for (const fault of [begun(() => {}), trickle]) {
      const { server, generator, asked } = await set({ fault }, { stallSeconds: 0.15, retries: 1 })
      const error = await failure(drawn(generator))
      expect(error).toMatchObject({ code: 'NETWORK_FAILED' })
      expect(error.message).toContain('stalled')
      expect(asked()).toBe(2)
      await expect.poll(() => server.open).toBe(0)
    }
  })

  it('ends an answer that does not begin in time, and does not ask again', async () => {
    const { server, generator, asked } = await set({ fault: () => {} }, { timeoutSeconds: 0.2 })
    const error = await failure(drawn(generator))
    expect(error.message).toContain('within 0.2 s')
    expect(asked()).toBe(1)
    await expect.poll(() => server.open).toBe(0)
  })

  it('takes no more bytes than allowed, announced or not', async () => {
    const answerBytes = 2 ** 18
    let sent = 0
    const flood: Answer = ({ response }) => {
      const piece = randomBytes(2 ** 14)
      const pour = () => {
        while (!response.destroyed && sent < 2 ** 26 && response.write(piece)) sent += piece.length
      }
      response.on('drain', pour)
      pour()
    }
    const announced = bytes(Buffer.alloc(answerBytes + 1), 'application/json')
    for (const fault of [flood, announced]) {
      const { server, generator, asked } = await set({ fault }, { answerBytes })
      const error = await failure(drawn(generator))
      expect(error.code).toBe('LIMIT_EXCEEDED')
      expect(asked()).toBe(1)
      await expect.poll(() => server.open).toBe(0)
    }
    // The sockets of both sides hold some megabytes besides.
    expect(sent).toBeLessThan(2 ** 25)
  })

  it('is not deceived by a length', async () => {
    const longer = begun((response) => response.socket?.destroySoon(), 1e6)
    const shorter: Answer = ({ response }) => {
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"data": [1, 2, 3, 4, 5]}')
    }
    const first = await set({ fault: longer }, { retries: 1 })
    expect((await failure(drawn(first.generator))).code).toBe('NETWORK_FAILED')
    const second = await set({ fault: shorter }, { retries: 1 })
    const { kind } = await failure(drawn(second.generator))
    expect(kind).toBe(isFile ? 'image' : 'network')
  })

  it('takes no encoded body', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 20))
    const fault = bytes(bomb, 'application/json', { 'content-encoding': 'gzip' })
    const { generator } = await set({ fault })
    const error = await failure(drawn(generator))
    expect(error).toMatchObject({ code: 'NETWORK_FAILED' })
    expect(error.message).toContain('encoded')
  })

  it.each([
    ['a page', '<!DOCTYPE html><title>Log in</title>', 'text/html'],
    ['half an object', '{"data": [', 'application/json'],
    ['another object', '{"result": 1}', 'application/json'],
    ['an object that would change all others', '{"__proto__": {"data": []}}', 'application/json'],
    ['a list nested beyond reason', '['.repeat(1e5), 'application/json'],
    ['nothing', '', 'application/json'],
  ])('takes no %s for an answer', async (_, text, type) => {
    const { generator, asked } = await set({ fault: bytes(text, type) })
    const { kind } = await failure(drawn(generator))
    expect(['network', ...(isFile ? ['image'] : [])]).toContain(kind)
    expect(asked()).toBe(1)
  })

  if (isFile) {
    it('takes no picture of another kind for one, whatever its content type', async () => {
      const { generator } = await set({ fault: bytes('<svg xmlns="..."/>', 'image/png') })
      expect((await failure(drawn(generator))).code).toBe('IMAGE_UNSUPPORTED_FORMAT')
    })
  }

  it('stops when its caller does, while the service is silent and between attempts', async () => {
    const silent = await set({ fault: () => {} })
    const pausing = await set({ fault: status(429, { 'retry-after': '60' }) })
    for (const { server, generator } of [silent, pausing]) {
      const caller = new AbortController()
      const work = failure(drawn(generator, { signal: caller.signal }))
      await expect.poll(() => server.requests.some(({ path }) => isFaulty(path))).toBe(true)
      await sleep(20)
      caller.abort(new Error('enough'))
      expect((await work).code).toBe('ABORTED')
      await expect.poll(() => server.open).toBe(0)
    }
  })

  it('asks for nothing when it is stopped before', async () => {
    const { server, generator } = await set({})
    const signal = AbortSignal.abort()
    expect((await failure(drawn(generator, { signal }))).code).toBe('ABORTED')
    expect(server.requests).toHaveLength(0)
  })

  it('fails with what to do where no server is', async () => {
    const generator = create({ baseUrl: 'http://127.0.0.1:1', retries: 0 })
    const error = await failure(drawn(generator))
    expect(error.code).toBe('NETWORK_FAILED')
    expect(error.remedy).toContain('runs at this address')
  })

  it('tells its key to nobody but the service, however the service repeats it', async () => {
    const output = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')]
    const encoded = Buffer.from(key).toString('base64')
    const password = key.slice(key.indexOf(':') + 1)
    const echo = `you said ${key}, ${encoded}, and ${password}`
    const told: unknown[] = []
    const answers: Answer[] = [
      ...[400, 401, 404, 429, 500, 302].map((code) => json({ error: echo }, { status: code })),
      json({ error: { message: echo, code: 'content_policy_violation' } }, { status: 400 }),
      json({ error: { message: echo, code: 'insufficient_quota' } }, { status: 429 }),
      json({ error: echo, estimated_time: 0.001 }, { status: 503 }),
      json({ node_errors: { [key]: { class_type: echo, errors: [{ message: echo }] } } }),
      json({ [key]: echo, data: echo, images: echo }),
      json({ data: [{ url: `http://${password}.example/${key}` }] }),
      json({ prompt_id: key }),
      bytes(echo, 'text/plain'),
      bytes(echo, 'image/png'),
      ({ response }) => void response.socket?.end(`HTTP/1.1 ${echo}\r\n\r\n`),
      ({ response }) => void response.socket?.end(`${echo}\r\n\r\n`),
      cut,
      faithful,
    ]
    for (const fault of answers) {
      const { generator } = await set({ fault }, { retries: 0 })
      told.push(generator, await drawn(generator).catch((error: unknown) => error))
    }
    const texts = [...told.map(printed), ...output.flatMap(({ mock }) => mock.calls.map(printed))]
    for (const secret of [key, encoded, password]) {
      const leaks = texts
        .filter((text) => text.includes(secret))
        .map((text) => text.slice(Math.max(0, text.indexOf(secret) - 60)).slice(0, 120))
      expect(leaks).toEqual([])
    }
  })
})

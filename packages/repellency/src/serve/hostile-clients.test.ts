import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createMatrix } from '@assay/core'
import { writeNpy } from '@assay/core/formats'
import { describe, expect, it } from 'vitest'
import { referencesInMemory } from '../references/references-in-memory.js'
import { inside, references, refusalOf, run, startRun } from './__fixtures__/run-on-a-service.js'
import { ask, begin, head, npy, sendRaw, startService } from './__fixtures__/service-client.js'
import { serveShield } from './serve-shield.js'

const json = (text: string): unknown => JSON.parse(text.slice(text.indexOf('\r\n\r\n')))

describe('clients that lie or hang', () => {
  it('who send less than they say are cut, with what was wrong', async () => {
    const { service, session, evidence } = await startRun({}, { requestTimeout: 300 })
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    const { text, milliseconds } = await sendRaw(service.port, [
      head(service, line, { 'content-length': 500 }),
      npy(inside),
    ])
    expect(text).toContain('HTTP/1.1 408')
    expect(json(text)).toEqual(refusalOf('NETWORK_FAILED'))
    expect(milliseconds).toBeLessThan(5_000)
    expect((await evidence()).calls).toHaveLength(0)
  })

  it('who close before their body is whole change nothing', async () => {
    const { service, session, call, evidence } = await startRun()
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    const sent = [head(service, line, { 'content-length': 500 }), npy(inside)]
    const { text } = await sendRaw(service.port, sent, { end: true })
    expect(text).toContain('HTTP/1.1 400')
    expect((await evidence()).calls).toHaveLength(0)
    expect((await call(0, npy(inside))).rows).toEqual([0])
  })

  it('who send more than they say get their answer, and then an error', async () => {
    const { service, session } = await startRun()
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    const body = npy(inside)
    const { text } = await sendRaw(service.port, [
      head(service, line, { 'content-length': body.length }),
      body,
      'and more of it\r\n\r\n',
    ])
    expect(text).toContain('HTTP/1.1 400')
  })

  it('who announce terabytes are refused at once', async () => {
    const { service, session } = await startRun()
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    const { text } = await sendRaw(
      service.port,
      [head(service, line, { 'content-length': 10 ** 13, connection: 'close' })],
      { end: true },
    )
    expect(text).toContain('HTTP/1.1 413')
  })

  it('who never stop sending are cut', async () => {
    const { service, session } = await startRun({}, { bodyBytes: 200_000 })
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const { text } = await sendRaw(service.port, [
      head(service, line, { 'transfer-encoding': 'chunked' }),
      ...Array.from({ length: 40 }, () => chunk),
    ])
    expect(text).toContain('HTTP/1.1 413')
    expect(json(text)).toEqual(refusalOf('LIMIT_EXCEEDED'))
  })

  it('who send one byte at a time, or none, are cut', async () => {
    const service = await startService({ limits: { requestTimeout: 300 } })
    const dripping = new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(service.port, '127.0.0.1')
      const drip = setInterval(() => socket.write('G'), 20)
      socket.on('data', (piece) => {
        text += piece
      })
      socket.on('error', () => undefined)
      socket.on('close', () => {
        clearInterval(drip)
        resolve(text)
      })
    })
    const silent = sendRaw(service.port, [])
    const partial = sendRaw(service.port, ['GET /v1 HTTP/1.1\r\nhost: '])
    const answers = await Promise.all([dripping, silent, partial])
    expect(answers[0]).toContain('HTTP/1.1 4')
    expect(answers[2].text).toContain('HTTP/1.1 408')
    expect(answers[1].milliseconds).toBeLessThan(5_000)
  })

  it('who do not read their answer are cut', async () => {
    // Far more than the buffers of two sockets hold.
    const shape = [64, 32_768]
    const empty = { data: new Float32Array(32_768), columns: 32_768 }
    const service = await startService({
      references: { origin: referencesInMemory(createMatrix(empty)) },
      limits: { requestTimeout: 1_000 },
    })
    const session = await begin(service, { ...run, shape })
    const data = new Float64Array(64 * 32_768).fill(0.001)
    const body = writeNpy({ type: 'float64', dims: shape, data })
    const socket = connect(service.port, '127.0.0.1')
    const begun = new Promise((resolve) => socket.once('readable', resolve))
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    socket.write(head(service, line, { 'content-length': body.length }))
    socket.write(body)
    await begun
    await sleep(3_000)
    let bytes = 0
    socket.on('data', (piece) => {
      bytes += piece.length
    })
    await new Promise((resolve) => socket.on('error', resolve).on('close', resolve).resume())
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(body.length)
  })

  it('who keep a connection for nothing are cut', async () => {
    const service = await startService({ limits: { idleTimeout: 200 } })
    const { text, milliseconds } = await sendRaw(service.port, [
      head(service, 'GET /v1', { 'content-length': 0 }),
    ])
    expect(text).toContain('HTTP/1.1 200')
    expect(milliseconds).toBeLessThan(5_000)
  })

  it.each([
    ['no HTTP', ['\x16\x03\x01\x02\x00'], 400],
    ['two lengths', ['PUT /v1 HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'], 400],
    [
      'a length and chunks',
      ['PUT /v1 HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
      400,
    ],
    ['a negative length', ['PUT /v1 HTTP/1.1\r\ncontent-length: -1\r\n\r\n'], 400],
    ['endless headers', [`GET /v1 HTTP/1.1\r\na: ${'b'.repeat(20_000)}\r\n\r\n`], 431],
    ['no host', ['GET /v1 HTTP/1.0\r\n\r\n'], 403],
  ])('who send %s are refused as JSON', async (_, pieces, status) => {
    const service = await startService()
    const { text } = await sendRaw(service.port, pieces)
    expect(text).toContain(`HTTP/1.1 ${status}`)
    expect(json(text)).toMatchObject({ remedy: expect.any(String) })
  })

  it('who hang up leave their answer for when they ask again', async () => {
    const { service, session, call, evidence } = await startRun()
    const body = npy(inside)
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    const socket = connect(service.port, '127.0.0.1')
    socket.write(head(service, line, { 'content-length': body.length }))
    socket.write(body, () => socket.destroy())
    await sleep(100)
    expect((await call(0, body)).rows).toEqual([0])
    expect((await evidence()).calls).toHaveLength(1)
  })
})

describe('many clients at once', () => {
  it('beyond the limit are told to come again, and the others are served', async () => {
    const { service, session } = await startRun({}, { concurrentRequests: 2 })
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    const body = npy(inside)
    const waiting = [0, 1].map(() => {
      const socket = connect(service.port, '127.0.0.1')
      socket.write(head(service, line, { 'content-length': body.length, connection: 'close' }))
      return socket
    })
    await sleep(100)
    const refused = await ask(service, 'GET', '/v1')
    expect([refused.status, refused.body]).toEqual([503, refusalOf('LIMIT_EXCEEDED')])
    expect(refused.headers.get('retry-after')).toBe('1')
    const served = waiting.map(
      (socket) =>
        new Promise<string>((resolve) => {
          let text = ''
          socket.on('data', (piece) => {
            text += piece.toString('latin1')
          })
          socket.on('close', () => resolve(text))
          socket.write(body)
        }),
    )
    for (const text of await Promise.all(served)) expect(text).toContain('x-assay-rows: 0')
    expect((await ask(service, 'GET', '/v1')).status).toBe(200)
  })

  it('have sessions of their own, each with its calls in order', async () => {
    const service = await startService({ references })
    const sessions = await Promise.all(Array.from({ length: 8 }, () => begin(service, run)))
    await Promise.all(
      sessions.map(async (session) => {
        for (let call = 0; call < 10; call += 1) {
          const path = `/v1/sessions/${session}/calls/${call}/repel`
          expect((await ask(service, 'PUT', path, npy(inside))).rows).toEqual([0])
        }
        const { body } = await ask(service, 'GET', `/v1/sessions/${session}`)
        expect((body as { readonly calls: object[] }).calls).toHaveLength(10)
      }),
    )
  })
})

describe('the end of a service', () => {
  /** References whose answer waits until it is let go. */
  function slowReferences() {
    let letGo = () => {}
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const within: typeof references.origin.within = async (points, options) => {
      await gate
      return references.origin.within(points, options)
    }
    return { letGo, slow: { ...references.origin, within } }
  }

  it('lets requests in work finish, refuses others, and frees sessions', async () => {
    const { letGo, slow } = slowReferences()
    const service = await startService({ references: { origin: slow } })
    const session = await begin(service, run)
    const call = ask(service, 'PUT', `/v1/sessions/${session}/calls/0/repel`, npy(inside))
    await sleep(50)
    const closing = service.close()
    expect(service.close()).toBe(closing)
    await expect(ask(service, 'GET', '/v1')).rejects.toThrow()
    letGo()
    expect((await call).rows).toEqual([0])
    await closing
    expect(service.sessions).toBe(0)
  })

  it('does not wait for clients that hang', async () => {
    const service = await startService({ references, limits: { closeTimeout: 100 } })
    const session = await begin(service, run)
    const line = `PUT /v1/sessions/${session}/calls/0/repel`
    const hanging = sendRaw(service.port, [head(service, line, { 'content-length': 500 })])
    await sleep(50)
    const started = Date.now()
    await service.close()
    expect(Date.now() - started).toBeLessThan(5_000)
    await hanging
  })

  it('comes with its signal, also one that came before it', async () => {
    const controller = new AbortController()
    const service = await serveShield({ signal: controller.signal })
    controller.abort()
    await service.close()
    await expect(ask(service, 'GET', '/v1')).rejects.toThrow()
    const stillborn = await serveShield({ signal: AbortSignal.abort() })
    await expect(ask(stillborn, 'GET', '/v1')).rejects.toThrow()
  })

  it('is not brought about by a fault, which only its owner hears of', async () => {
    const faults: unknown[] = []
    const secret = new TypeError('/home/someone/protected.bin')
    const within: typeof references.origin.within = async () => {
      throw secret
    }
    const service = await startService({
      references: { origin: { ...references.origin, within } },
      onFault: (fault) => faults.push(fault),
    })
    const session = await begin(service, run)
    const path = `/v1/sessions/${session}/calls/0/repel`
    const answer = await ask(service, 'PUT', path, npy(inside))
    expect([answer.status, answer.body]).toEqual([500, refusalOf('INTERNAL')])
    expect(JSON.stringify(answer.body)).not.toContain('someone')
    expect(faults).toEqual([secret])
    expect((await ask(service, 'GET', '/v1')).status).toBe(200)
  })
})

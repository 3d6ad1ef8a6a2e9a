import { describe, expect, it } from 'vitest'
import { references, refusalOf } from './__fixtures__/run-on-a-service.js'
import { ask, head, sendRaw, startService } from './__fixtures__/service-client.js'
import { serveShield } from './serve-shield.js'

describe('who may ask', () => {
  it('only programs with the token, under the address it printed', async () => {
    const service = await startService({ references })
    const answers = await Promise.all([
      ask({ ...service, token: 'another-token-of-tests' }, 'GET', '/v1'),
      ask(service, 'GET', '/v1', undefined, { authorization: '' }),
      ask(service, 'GET', '/v1', undefined, { authorization: `Basic ${service.token}` }),
      ask(service, 'GET', '/v1', undefined, { origin: 'https://example.org' }),
      ask(service, 'GET', '/v1', undefined, { origin: 'null' }),
      ask(service, 'GET', '/v1', undefined, { 'sec-fetch-site': 'same-origin' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 403, 403, 403])
    for (const { body } of answers) expect(body).toEqual(refusalOf('ACCESS_DENIED'))
    const rebound = await sendRaw(service.port, [
      `GET /v1 HTTP/1.1\r\nhost: evil.example:${service.port}\r\nauthorization: Bearer ${service.token}\r\nconnection: close\r\n\r\n`,
    ])
    expect(rebound.text).toContain('HTTP/1.1 403')
  })

  it.each(['0.0.0.0', '::', '::1', 'localhost', '192.0.2.1'])(
    'refuses to listen on %s',
    async (host) => {
      await expect(serveShield({ host })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    },
  )

  it('refuses tokens that could be guessed or do not travel', async () => {
    for (const token of ['short', 'a token with spaces in it', 'line\r\nbreak-in-a-token']) {
      await expect(serveShield({ token })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
  })

  it('refuses limits that are none', async () => {
    for (const requestTimeout of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const start = serveShield({ limits: { requestTimeout } })
      await expect(start).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
  })

  it('makes another token each time, and says where a port is taken', async () => {
    const [one, other] = [await serveShield(), await serveShield()]
    expect(one.token).not.toBe(other.token)
    expect(one.token.length).toBeGreaterThan(40)
    await expect(serveShield({ port: one.port })).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
    await Promise.all([one.close(), other.close()])
  })

  it.each([
    ['GET', '/', 404],
    ['GET', '/v2', 404],
    ['GET', '//[', 404],
    ['GET', '//evil/v1', 404],
    ['GET', 'http://evil/v1', 404],
    ['POST', '/v1', 405],
    ['GET', '/v1/sessions', 405],
    ['GET', '/v1/sessions/none', 404],
    ['PATCH', '/v1/sessions/none', 405],
    ['POST', '/v1/sessions/none/calls/0/repel', 405],
    ['PUT', '/v1/sessions/none/calls/-1/repel', 404],
    ['PUT', '/v1/sessions/none/calls/1e3/repel', 404],
    ['PUT', '/v1/sessions/none/calls/0/push', 404],
    ['PUT', '/v1/sessions/none/calls/0/repel/more', 404],
    ['GET', '/v1/sessions/constructor', 404],
    ['DELETE', '/v1/banks/', 404],
    ['constructor'.toUpperCase(), '/v1', 405],
  ])('answers %s %s with %i', async (method, path, expected) => {
    const service = await startService()
    const { text } = await sendRaw(service.port, [
      head(service, `${method} ${path}`, { connection: 'close', 'content-length': 0 }),
    ])
    const status = Number(text.slice(9, 12))
    // A method that HTTP does not have is no request.
    expect(status).toBe(method === 'CONSTRUCTOR' ? 400 : expected)
    expect(text).toContain('"remedy"')
  })
})

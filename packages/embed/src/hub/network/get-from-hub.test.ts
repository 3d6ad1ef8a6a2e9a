import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { AssayError } from '@assay/core'
import { afterEach, describe, expect, it } from 'vitest'
import { type HubOptions, hubAccess } from '../hub-options.js'
import { getFromHub } from './get-from-hub.js'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

interface Heard {
  readonly url: string
  readonly port: number
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[]
  connections: number
}

/** A server that answers with the redirect that is told for a path, or with the path itself. */
async function serve(redirects: Readonly<Record<string, string>> = {}, status = 302) {
  const server = createServer(({ url = '', headers }, response) => {
    heard.requests.push({ path: url, authorization: headers.authorization })
    const location = redirects[url]
    if (location === undefined) response.end(url)
    else response.writeHead(status, { location }).end()
  })
  server.on('connection', () => heard.connections++)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const heard: Heard = { url: `http://127.0.0.1:${port}`, port, requests: [], connections: 0 }
  return heard
}

async function get(url: string, options: HubOptions = {}): Promise<string> {
  const access = hubAccess({ hub: new URL(url).origin, stallSeconds: 5, ...options })
  return getFromHub(new URL(url), access, async ({ pieces }) => {
    let text = ''
    for await (const piece of pieces) text += Buffer.from(piece)
    return text
  })
}

const failure = (work: Promise<unknown>): Promise<AssayError> =>
  work.then(
    () => expect.fail('it was let through'),
    (error: unknown) => (AssayError.isInstance(error) ? error : expect.fail(inspect(error))),
  )

describe('getFromHub', () => {
  it.each([301, 302, 303, 307, 308])('follows a redirect with status %i', async (status) => {
    const hub = await serve({ '/a': '/b?c', '/b?c': '/d' }, status)
    expect(await get(`${hub.url}/a`)).toBe('/d')
  })

  it('follows ten redirects and no more, also in a circle', async () => {
    const chain = Object.fromEntries([...Array(11).keys()].map((n) => [`/${n}`, `/${n + 1}`]))
    const hub = await serve({ ...chain, '/round': '/and-round', '/and-round': '/round' })
    expect(await get(`${hub.url}/1`)).toBe('/11')
    expect((await failure(get(`${hub.url}/0`))).code).toBe('URL_REFUSED')
    expect((await failure(get(`${hub.url}/round`))).code).toBe('URL_REFUSED')
  })

  it('keeps the token from everybody but the hub, also when the way leads back', async () => {
    const hub = await serve({ '/a': '/b' })
    const elsewhere = await serve({ '/c': `${hub.url}/d` })
    const away = await serve({ '/a': '/b', '/b': `${elsewhere.url}/c` })
    const token = 'hf_secret'
    await get(`${hub.url}/a`, { token })
    expect(hub.requests.map(({ authorization }) => authorization)).toEqual([
      'Bearer hf_secret',
      'Bearer hf_secret',
    ])
    hub.requests.length = 0
    expect(await get(`${away.url}/a`, { token })).toBe('/d')
    expect(away.requests).toHaveLength(2)
    for (const { requests } of [elsewhere, hub]) {
      expect(requests).toMatchObject([{ authorization: undefined }])
    }
  })

  it('keeps the token from a hub that everybody can listen to', async () => {
    const hub = await serve()
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    const name = `http://mirror.intern:${hub.port}`
    expect(await get(`${name}/a`, { token: 'hf_secret', resolve })).toBe('/a')
    expect(hub.requests).toEqual([{ path: '/a', authorization: undefined }])
  })

  it('opens no connection to a private address, whoever redirects there', async () => {
    const canary = await serve()
    const redirects = {
      '/name': `https://intern.example:${canary.port}/`,
      '/address': `https://127.0.0.1:${canary.port}/`,
      '/plain': `http://127.0.0.1:${canary.port}/`,
      '/decimal': `https://2130706433:${canary.port}/`,
      '/file': 'file:///etc/passwd',
      '/scheme': `//127.0.0.1:${canary.port}/`,
    }
    const hub = await serve(redirects)
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    for (const path of Object.keys(redirects)) {
      const url = `http://mirror.intern:${hub.port}${path}`
      expect((await failure(get(url, { resolve }))).code, path).toBe('URL_REFUSED')
    }
    expect(hub.requests).toHaveLength(6)
    expect(canary.connections).toBe(0)
  })

  it('opens no connection where a name changes its mind after it was judged', async () => {
    const canary = await serve()
    let asked = 0
    const resolve = async () => {
      asked++
      return [{ address: asked > 1 ? '127.0.0.1' : '240.0.0.1', family: 4 }]
    }
    const hub = await serve({ '/a': `https://rebinding.example:${canary.port}/` })
    expect((await failure(get(`${hub.url}/a`, { resolve }))).code).toBe('URL_REFUSED')
    expect(asked).toBe(1)
    expect(canary.connections).toBe(0)
  })

  it.each(['http://', 'https://a b/'])('refuses a redirect to "%s"', async (location) => {
    const hub = await serve({ '/a': location })
    expect((await failure(get(`${hub.url}/a`))).code).toBe('NETWORK_FAILED')
  })

  it('never shows the token, nor the signature of a URL', async () => {
    const hub = await serve({ '/a': 'https://10.0.0.1/file?signature=s3cret' })
    const error = await failure(get(`${hub.url}/a`, { token: 'hf_secret' }))
    expect(error.message).toContain('https://10.0.0.1/file')
    expect(inspect(error, { depth: 9 })).not.toMatch(/s3cret|hf_secret/)
    const broken = 'hf_secret\nx: y'
    const refused = await failure(Promise.resolve().then(() => hubAccess({ token: broken })))
    expect(inspect(refused, { depth: 9 })).not.toContain('hf_secret')
  })

  it('tells of a host that is not there', async () => {
    const resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND hub.example'), { code: 'ENOTFOUND' })
    }
    const error = await failure(get('https://hub.example/a', { resolve }))
    expect(error.code).toBe('NETWORK_FAILED')
    expect(error.message).toContain('hub.example')
  })

  it.each(['ftp://hub.example', 'hub.example', ''])('takes "%s" for no hub', async (hub) => {
    const refused = Promise.resolve().then(() => hubAccess({ hub }))
    expect((await failure(refused)).code).toBe('INVALID_ARGUMENT')
  })
})

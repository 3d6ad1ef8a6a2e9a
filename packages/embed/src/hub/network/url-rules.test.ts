import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { defaultHub, urlRules } from './url-rules.js'

const rules = (hub: string, addresses: readonly string[] = ['1.1.1.1']) =>
  urlRules(new URL(hub), async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  )

/** The addresses that a connection would go to, or the code of the refusal. */
async function judged(hub: string, url: string, addresses?: readonly string[]): Promise<unknown> {
  try {
    const lookup = rules(hub, addresses).admit(new URL(url))
    return await new Promise((resolve, reject) =>
      lookup('name', { all: true }, (error, found) => (error ? reject(error) : resolve(found))),
    )
  } catch (error) {
    return (error as { code: unknown }).code
  }
}

const refused = 'URL_REFUSED'

describe('what a public hub redirects to', () => {
  it.each([
    'http://cdn.example/file',
    'file:///etc/passwd',
    'ftp://cdn.example/file',
    'data:text/plain,a',
    'javascript:0',
    'https://user@cdn.example/file',
    'https://user:password@cdn.example/file',
    'https://127.0.0.1/file',
    'https://127.1/file',
    'https://2130706433/file',
    'https://0x7f000001/file',
    'https://0177.0.0.1/file',
    'https://127.0.0.1./file',
    'https://0/file',
    'https://10.0.0.1/file',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.1.1:8443/file',
    'https://[::1]/file',
    'https://[::ffff:127.0.0.1]/file',
    'https://[::ffff:7f00:1]/file',
    'https://[64:ff9b::7f00:1]/file',
    'https://[fe80::1]/file',
    'https://[fd00::1]/file',
    'https://[::]/file',
  ])('is refused before anything is sent: %s', async (url) => {
    expect(await judged(defaultHub, url)).toBe(refused)
  })

  it.each([
    ['a private address', ['10.1.2.3']],
    ['this machine', ['127.0.0.1']],
    ['a private address among public ones', ['1.1.1.1', '192.168.0.1']],
    ['a private IPv6 address among public ones', ['1.1.1.1', 'fd00::1']],
    ['cloud metadata', ['169.254.169.254']],
    ['a mapped address', ['::ffff:10.0.0.1']],
    ['a translated private address', ['64:ff9b::a00:1']],
  ])('is refused where its name means %s', async (_, addresses) => {
    for (const name of ['cdn.example', 'localhost', 'localhost.', 'huggingface.co']) {
      expect(await judged(defaultHub, `https://${name}/file`, addresses)).toBe(refused)
    }
  })

  it('may be anywhere public, and the connection goes to what was judged', async () => {
    const addresses = ['1.1.1.1', '2606:4700:4700::1111']
    const found = (await judged(defaultHub, 'https://cdn.example/a', addresses)) as LookupAddress[]
    expect(found.map(({ address }) => address)).toEqual(addresses)
    const [first] = await new Promise<unknown[]>((resolve) =>
      rules(defaultHub, addresses).admit(new URL('https://cdn.example'))(
        'name',
        {},
        (...result: unknown[]) => resolve(result.slice(1)),
      ),
    )
    expect(first).toBe('1.1.1.1')
  })

  it('fails where the name has no address', async () => {
    expect(await judged(defaultHub, 'https://cdn.example/a', [])).toBe('NETWORK_FAILED')
  })
})

describe('a hub that the user names', () => {
  it('may be private and without https, but not what it redirects to', async () => {
    for (const hub of ['http://mirror.intern:8080', 'http://10.0.0.5']) {
      expect(await judged(hub, `${hub}/file`, ['10.0.0.5'])).not.toBe(refused)
      expect(await judged(hub, 'https://cdn.example/file', ['10.0.0.6'])).toBe(refused)
      expect(await judged(hub, 'https://10.0.0.6/file')).toBe(refused)
      expect(await judged(hub, 'http://cdn.example/file')).toBe(refused)
      expect(await judged(hub, 'http://127.0.0.1/file')).toBe(refused)
    }
    expect(rules('http://mirror.intern').confidential).toBe(false)
    expect(rules('https://mirror.intern').confidential).toBe(true)
  })

  it('on this machine may redirect to this machine, but to nothing else that is private', async () => {
    for (const hub of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080']) {
      const local = ['127.0.0.1']
      expect(await judged(hub, 'http://127.0.0.1:9090/file')).not.toBe(refused)
      expect(await judged(hub, 'http://localhost:9090/file', local)).not.toBe(refused)
      expect(await judged(hub, 'https://cdn.example/file')).not.toBe(refused)
      expect(await judged(hub, 'http://localhost:9090/file', ['10.0.0.1'])).toBe(refused)
      expect(await judged(hub, 'https://10.0.0.1/file')).toBe(refused)
      expect(await judged(hub, 'http://cdn.example/file')).toBe(refused)
      expect(await judged(hub, 'file:///etc/passwd')).toBe(refused)
      expect(rules(hub).confidential).toBe(true)
    }
  })
})

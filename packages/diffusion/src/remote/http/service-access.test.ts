import { describe, expect, it } from 'vitest'
import { printed, thrown } from '../__fixtures__/drawn.js'
import { urlUnder } from './ask.js'
import { openService } from './service-access.js'
import type { ServiceOptions } from './service-options.js'

const open = (options: ServiceOptions, scheme: 'Bearer' | 'Basic' = 'Bearer') =>
  openService(options, { service: 'It', baseUrl: 'https://it.example', concurrency: 2, scheme })

describe('openService', () => {
  it.each([
    'it.example',
    'ftp://it.example',
    'file:///etc/passwd',
    'https://it.example/?key=1',
    'https://it.example/#a',
    'http://',
    '',
  ])('takes no address like %j', (baseUrl) => {
    expect(thrown(() => open({ baseUrl })).code).toBe('INVALID_ARGUMENT')
  })

  it('takes no secret in an address, and does not repeat it', () => {
    for (const baseUrl of ['https://me:hush@it.example', 'http://hush@it.example/?a=hush#hush']) {
      const error = thrown(() => open({ baseUrl }))
      expect(error.code).toBe('INVALID_ARGUMENT')
      expect(error.remedy).toContain('`key`')
      expect(printed(error)).not.toContain('hush')
    }
  })

  it.each(['sk secret', 'sk-secret\n', 'sk-sécret', ''])(
    'takes no key like %j, and does not repeat it',
    (key) => {
      const error = thrown(() => open({ key }))
      expect(error.code).toBe('INVALID_ARGUMENT')
      expect(printed(error)).not.toMatch(/s[eé]cret/)
    },
  )

  it('takes no password without its user', () => {
    expect(thrown(() => open({ key: 'password' }, 'Basic')).code).toBe('INVALID_ARGUMENT')
    expect(open({ key: 'me:pâss:word' }, 'Basic').authorization).toBe(
      `Basic ${Buffer.from('me:pâss:word').toString('base64')}`,
    )
  })

  it('sends a key over plain http only within this machine, or where that is wanted', () => {
    const key = 'sk-secret'
    for (const baseUrl of [
      'http://it.example',
      'http://192.168.1.2:7860',
      'http://127.0.0.1.example',
    ]) {
      expect(thrown(() => open({ baseUrl, key })).code).toBe('URL_REFUSED')
      expect(open({ baseUrl, key, keyOverPlainHttp: true }).authorization).toBe('Bearer sk-secret')
      expect(open({ baseUrl }).authorization).toBe(null)
    }
    for (const baseUrl of [
      'http://localhost:1',
      'http://127.0.0.1',
      'http://127.1',
      'http://[::1]:7860',
    ]) {
      expect(open({ baseUrl, key }).authorization).toBe('Bearer sk-secret')
    }
  })

  it.each([
    'timeoutSeconds',
    'stallSeconds',
    'retries',
    'backOffSeconds',
    'longestWaitSeconds',
    'answerBytes',
    'concurrency',
  ])('takes no %s that cannot be meant', (name) => {
    for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(thrown(() => open({ [name]: value }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        value,
      })
    }
  })
})

describe('urlUnder', () => {
  it.each(['https://it.example/v1', 'https://it.example/v1/', 'https://it.example/v1//?'])(
    'lies under %s',
    (baseUrl) => {
      const url = urlUnder(open({ baseUrl }), ['a', 'b/c?d#e'], { name: 'f&g h' })
      expect(url.href).toBe('https://it.example/v1/a/b%2Fc%3Fd%23e?name=f%26g+h')
    },
  )
})

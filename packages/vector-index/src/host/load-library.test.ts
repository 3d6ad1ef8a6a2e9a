import { describe, expect, it } from 'vitest'
import { loadLibrary } from './load-library.js'

describe('loadLibrary', () => {
  it('gives what is loaded', async () => {
    expect(await loadLibrary('thing', async () => 7, 'install it')).toBe(7)
  })

  it('says what is missing and what to do', async () => {
    const missing = () => import('no-such-package' as string)
    await expect(loadLibrary('thing', missing, 'install it')).rejects.toThrowError(
      expect.objectContaining({
        code: 'ENGINE_UNAVAILABLE',
        value: 'thing',
        message: expect.stringMatching(/^thing cannot be loaded: .*no-such-package/),
        remedy: 'install it',
      }),
    )
    const broken = () => Promise.reject('no binary')
    await expect(loadLibrary('thing', broken, 'install it')).rejects.toThrowError(
      expect.objectContaining({ message: 'thing cannot be loaded: no binary' }),
    )
  })
})

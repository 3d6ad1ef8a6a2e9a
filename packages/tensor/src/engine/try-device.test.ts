import { afterEach, describe, expect, it, vi } from 'vitest'
import { tryDevice } from './try-device.js'

describe('tryDevice', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('finds that the cpu computes', async () => {
    expect(await tryDevice('cpu')).toMatchObject({ device: 'cpu', works: true, reason: '' })
  })

  it('says why a device does not, and what it needs', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'dml'
    expect(await tryDevice(absent)).toMatchObject({
      works: false,
      reason: expect.stringContaining(`[${absent}] backend not found`),
      remedy: expect.stringMatching(/^Needs /),
    })
  })

  it('waits no longer than it is told', async () => {
    expect(await tryDevice('cpu', { seconds: 0.001 })).toMatchObject({
      works: false,
      reason: 'no answer within 0.001 seconds',
    })
  })

  it('outlives a process that breaks off', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require ./no-such-file.cjs')
    expect(await tryDevice('cpu')).toMatchObject({
      works: false,
      reason: 'its process ended with code 1',
    })
  })
})

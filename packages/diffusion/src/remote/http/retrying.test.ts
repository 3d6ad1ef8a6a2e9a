import { describe, expect, it } from 'vitest'
import { drawn, failure } from '../__fixtures__/drawn.js'
import { json, startService } from '../__fixtures__/loopback-service.js'
import type { ServiceCase } from '../__fixtures__/services.js'
import { services } from '../__fixtures__/services.js'
import { retryAfter } from './retry-after.js'

const service = services['Hugging Face'] as ServiceCase

describe('retryAfter', () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5)

  it.each([
    ['0', 0],
    ['120', 120],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60],
    ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['1e3', null],
    ['', null],
    [undefined, null],
  ])('reads %j as %j', (header, seconds) => {
    expect(retryAfter(header, now)).toBe(seconds)
  })
})

describe('retrying', () => {
  it.each([
    ['in seconds', () => '1'],
    ['until a date', () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toUTCString()],
  ])('waits as long as the service asks, %s', async (_, wish) => {
    const server = await startService(service.faithful)
    server.faults.push((exchange) =>
      json({}, { status: 429, headers: { 'retry-after': wish() } })(exchange),
    )
    const start = performance.now()
    await drawn(service.create({ baseUrl: server.url, backOffSeconds: 0 }))
    expect(performance.now() - start).toBeGreaterThan(900)
  })

  it('waits longer after each failure, where the service asks for nothing', async () => {
    const times: number[] = []
    const server = await startService((exchange) => {
      times.push(performance.now())
      json({}, { status: 500 })(exchange)
    })
    await failure(drawn(service.create({ baseUrl: server.url, backOffSeconds: 0.1, retries: 3 })))
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    // Between half and the whole of 0.1, 0.2 and 0.4 s; timers may ring late, and 1 ms early.
    expect(pauses.map((pause, index) => pause > 49 * 2 ** index)).toEqual([true, true, true])
  })
})

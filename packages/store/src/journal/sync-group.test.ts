import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SyncGroup } from './sync-group.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A sync that ends when it is told, and counts how often it was started. */
function controlledSync() {
  const waiting: { resolve: () => void; reject: (error: unknown) => void }[] = []
  const sync = vi.fn(
    () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject })),
  )
  const next = () => waiting.shift() ?? expect.fail('no sync is running')
  return { sync, finish: () => next().resolve(), fail: (error: unknown) => next().reject(error) }
}

const settled = () => vi.advanceTimersByTimeAsync(0)

function write(group: SyncGroup, count: number): void {
  for (let index = 0; index < count; index++) group.written()
}

describe('SyncGroup', () => {
  it('syncs after 16 writes, not before', async () => {
    const { sync } = controlledSync()
    const group = new SyncGroup(sync)
    write(group, 15)
    await settled()
    expect(sync).toHaveBeenCalledTimes(0)
    write(group, 1)
    await settled()
    expect(sync).toHaveBeenCalledTimes(1)
  })

  it('syncs a single write after a second', async () => {
    const { sync } = controlledSync()
    const group = new SyncGroup(sync)
    write(group, 1)
    await vi.advanceTimersByTimeAsync(999)
    expect(sync).toHaveBeenCalledTimes(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(sync).toHaveBeenCalledTimes(1)
  })

  it('runs one sync at a time and lets one wait, however many writes there are', async () => {
    const { sync, finish } = controlledSync()
    const group = new SyncGroup(sync)
    write(group, 16)
    await settled()
    write(group, 160)
    await settled()
    expect(sync).toHaveBeenCalledTimes(1)
    finish()
    await settled()
    expect(sync).toHaveBeenCalledTimes(2)
    finish()
    await vi.advanceTimersByTimeAsync(5000)
    expect(sync).toHaveBeenCalledTimes(2)
  })

  it('flushes what was written before, not only what a running sync covers', async () => {
    const { sync, finish } = controlledSync()
    const group = new SyncGroup(sync)
    const flushed = vi.fn()
    write(group, 16)
    await settled()
    write(group, 1)
    const flush = group.flush().then(flushed)
    finish()
    await settled()
    expect(flushed).not.toHaveBeenCalled()
    finish()
    await flush
    expect(sync).toHaveBeenCalledTimes(2)
  })

  it('waits for a running sync when nothing is left to sync', async () => {
    const { sync, finish } = controlledSync()
    const group = new SyncGroup(sync)
    const flushed = vi.fn()
    write(group, 16)
    await settled()
    const flush = group.flush().then(flushed)
    await settled()
    expect(flushed).not.toHaveBeenCalled()
    finish()
    await flush
    await group.flush()
    expect(sync).toHaveBeenCalledTimes(1)
  })

  it('remembers the first failure', async () => {
    const { sync, finish, fail } = controlledSync()
    const group = new SyncGroup(sync)
    write(group, 16)
    await settled()
    fail('broken')
    await settled()
    expect(() => group.assertIntact()).toThrow('broken')
    write(group, 1)
    const flush = expect(group.flush()).rejects.toBe('broken')
    await settled()
    finish()
    await flush
  })
})

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { AssayError } from '@assay/core'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../files/sha256.js'
import { startChild } from '../test-support/child-process.test.helper.js'
import { FaultPlan, failingFileSystem } from '../test-support/failing-file-system.test.helper.js'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { type Cache, openCache } from './open-cache.js'

const plan = vi.hoisted(() => ({ current: null as FaultPlan | null }))

vi.mock('node:fs/promises', async (importOriginal) => {
  plan.current = new FaultPlan()
  return failingFileSystem(await importOriginal<typeof import('node:fs/promises')>(), plan.current)
})

const path = temporaryFolder()
const key = (item: unknown) => sha256(JSON.stringify(item))
const content = Buffer.from('some content')

afterEach(() => plan.current?.disarm())

/** Where the entry of a key lies, by the layout that other programs see. */
const fileOf = (entry: string) => path('cache', entry.slice(0, 2), entry.slice(2))

async function listed(cache: Cache): Promise<string[]> {
  const keys: string[] = []
  for await (const entry of cache.list()) keys.push(entry)
  return keys
}

describe('openCache', () => {
  it('gives back what was set, and null for what was not', async () => {
    const cache = openCache(path('cache'))
    expect(await cache.get(key('a'))).toBeNull()
    expect(await cache.has(key('a'))).toBe(false)
    await cache.set(key('a'), content)
    await cache.set(key('a'), Buffer.from('newer'))
    expect(Buffer.from((await cache.get(key('a'))) ?? '').toString()).toBe('newer')
    expect(await cache.has(key('a'))).toBe(true)
    expect(cache.counts).toEqual({ hits: 1, misses: 1, corrupt: 0 })
  })

  it('gives back any bytes, aligned so that float64 can be read in place', async () => {
    const cache = openCache(path('cache'))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        await cache.set(sha256(bytes), bytes)
        const found = await cache.get(sha256(bytes))
        expect(Buffer.from(found ?? [])).toEqual(Buffer.from(bytes))
        expect((found?.byteOffset ?? 1) % 8).toBe(0)
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  it('makes no folder before the first entry', async () => {
    const cache = openCache(path('cache'))
    expect(await listed(cache)).toEqual([])
    expect(await cache.size()).toEqual({ entries: 0, bytes: 0 })
    expect(await cache.verify()).toEqual({ entries: 0, bytes: 0 })
    await cache.clear()
    expect(existsSync(path('cache'))).toBe(false)
  })

  it('lists keys in order and counts contents', async () => {
    const cache = openCache(path('cache'))
    const keys = Array.from({ length: 40 }, (_, at) => key(at))
    for (const entry of keys) await cache.set(entry, content)
    expect(await listed(cache)).toEqual(keys.sort())
    expect(await cache.size()).toEqual({ entries: 40, bytes: 40 * content.length })
  })

  it('takes an entry with any changed byte, or cut anywhere, for a miss and removes it', async () => {
    const cache = openCache(path('cache'))
    await cache.set(key('a'), content)
    const entry = readFileSync(fileOf(key('a')))
    const damaged = [...entry.keys()].flatMap((at) => {
      const changed = Buffer.from(entry)
      changed[at] = (entry[at] ?? 0) ^ 1
      return [changed, entry.subarray(0, at)]
    })
    for (const bytes of damaged) {
      writeFileSync(fileOf(key('a')), bytes)
      expect(await cache.get(key('a'))).toBeNull()
      expect(existsSync(fileOf(key('a')))).toBe(false)
    }
    expect(cache.counts).toEqual({ hits: 0, misses: damaged.length, corrupt: damaged.length })
  })

  it('does not take the entry of one key for that of another', async () => {
    const cache = openCache(path('cache'))
    await cache.set(key('a'), content)
    await cache.set(key('b'), content)
    renameSync(fileOf(key('a')), fileOf(key('b')))
    expect(await cache.get(key('b'))).toBeNull()
  })

  it('verifies: removes corrupt entries and what killed writers left, not what is being written', async () => {
    const cache = openCache(path('cache'))
    for (const item of ['a', 'b', 'c']) await cache.set(key(item), content)
    writeFileSync(fileOf(key('b')), 'damaged')
    const left = fileOf(key('a')).replace(/[^/]+$/, (name) => `.${name}.1234-0123456789ab.tmp`)
    const young = left.replace('1234-', '1235-')
    for (const file of [left, young]) writeFileSync(file, 'half')
    utimesSync(left, new Date(0), new Date(0))
    expect(await cache.verify()).toEqual({ entries: 2, bytes: 2 * content.length })
    expect(cache.counts.corrupt).toBe(1)
    expect([left, young].map((file) => existsSync(file))).toEqual([false, true])
  })

  it('clears its own files and no others', async () => {
    const cache = openCache(path('cache'))
    await cache.set(key('a'), content)
    mkdirSync(path('cache', 'photos'))
    const others = [path('cache', 'notes.txt'), path('cache', 'photos', 'a.png')]
    others.push(path('cache', key('a').slice(0, 2), 'readme'))
    for (const file of others) writeFileSync(file, 'kept')
    await cache.clear()
    expect(await listed(cache)).toEqual([])
    expect(others.every((file) => existsSync(file))).toBe(true)
  })

  it.each(['', 'abc', '../'.repeat(21), 'A'.repeat(64), `${'a'.repeat(63)}/`, 'a'.repeat(65)])(
    'refuses %j as a key',
    async (bad) => {
      const cache = openCache(path('cache'))
      const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', value: bad })
      await expect(cache.set(bad, content)).rejects.toEqual(refused)
      await expect(cache.get(bad)).rejects.toEqual(refused)
      await expect(cache.has(bad)).rejects.toEqual(refused)
    },
  )

  it('keeps the old entry and leaves nothing behind whichever call of a set fails', async () => {
    const cache = openCache(path('cache'))
    await cache.set(key('a'), content)
    const shard = path('cache', key('a').slice(0, 2))
    for (let nth = 1, failed: string | null = ''; failed !== null; nth++) {
      plan.current?.arm(nth, 'ENOSPC')
      const error = await cache.set(key('a'), content).catch((thrown: unknown) => thrown)
      failed = plan.current?.failed ?? null
      plan.current?.disarm()
      if (failed !== null) {
        expect(AssayError.isInstance(error) && error.code, failed).toBe('FILE_WRITE_FAILED')
      }
      expect(await cache.get(key('a'))).not.toBeNull()
      expect(readdirSync(shard)).toEqual([key('a').slice(2)])
    }
  })

  it('says so when its folder cannot be made or read', async () => {
    writeFileSync(path('file'), '')
    const cache = openCache(path('file'))
    await expect(cache.set(key('a'), content)).rejects.toMatchObject({ code: 'FILE_WRITE_FAILED' })
    await expect(listed(cache)).rejects.toMatchObject({ code: 'FILE_READ_FAILED' })
  })

  it('serves two processes that write and read the same keys', async () => {
    const children = [1, 2].map(() => startChild('cache', path('cache'), '40'))
    await Promise.all(children.map((child) => child.ended()))
    expect(children.map((child) => child.output())).toEqual(Array(2).fill('wrong 0, corrupt 0\n'))
    expect(await openCache(path('cache')).verify()).toMatchObject({ entries: 20 })
  })
})

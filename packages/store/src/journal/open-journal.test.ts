import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { crc32 } from 'node:zlib'
import { AssayError } from '@assay/core'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FaultPlan, failingFileSystem } from '../test-support/failing-file-system.test.helper.js'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { openJournal } from './open-journal.js'
import { readJournal } from './read-journal.js'

const plan = vi.hoisted(() => ({ current: null as FaultPlan | null, writeFault: '' }))

vi.mock('node:fs/promises', async (importOriginal) => {
  plan.current = new FaultPlan()
  return failingFileSystem(await importOriginal<typeof import('node:fs/promises')>(), plan.current)
})

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs')>()
  // Half of a line reaches the disk, then there is no room.
  const writeSync = (fd: number, bytes: Uint8Array, offset: number) => {
    if (plan.writeFault === '') return real.writeSync(fd, bytes, offset)
    if (offset === 0) return real.writeSync(fd, bytes, 0, Math.ceil(bytes.length / 2))
    throw Object.assign(new Error('no room'), { code: plan.writeFault, syscall: 'write' })
  }
  return { ...real, writeSync }
})

const path = temporaryFolder()

afterEach(() => {
  plan.writeFault = ''
  plan.current?.disarm()
})

async function journalOf(file: string, records: readonly unknown[]): Promise<void> {
  const journal = await openJournal(file)
  for (const record of records) journal.append(record)
  await journal.close()
}

async function recordsOf(file: string): Promise<unknown[]> {
  const records: unknown[] = []
  for await (const { record } of readJournal(file)) records.push(record)
  return records
}

/** Records whose lines, some 60 to 300 bytes long, fill a little more than 4 kB. */
const items = Array.from({ length: 30 }, (_, at) => ({
  id: `item ${at}`,
  text: 'ü'.repeat(at * 4),
}))

describe('openJournal', () => {
  it('keeps records in order and replays them with their lines', async () => {
    await journalOf(path('j'), items.slice(0, 20))
    const replayed: unknown[] = []
    const journal = await openJournal(path('j'), { replay: (record) => replayed.push(record) })
    expect(replayed).toEqual(items.slice(0, 20).map((record, at) => ({ record, line: at + 1 })))
    expect(journal).toMatchObject({ records: 20, tornBytes: 0 })
    for (const item of items.slice(20)) journal.append(item)
    expect(journal.records).toBe(items.length)
    await journal.close()
    expect(await recordsOf(path('j'))).toEqual(items)
  })

  it('writes JSON lines that carry the CRC-32 of their record', async () => {
    await journalOf(path('j'), [{ a: 1 }])
    const checksum = crc32('{"a":1}').toString(16).padStart(8, '0')
    const line = `{"checksum":"${checksum}","record":{"a":1}}\n`
    expect(readFileSync(path('j'), 'utf8')).toBe(line)
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    expect(crc32('123456789').toString(16)).toBe('cbf43926')
  })

  it('brings back any JSON value', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ depthSize: 'small' }), { maxLength: 8 }),
        async (list) => {
          const file = path(`j${run++}`)
          await journalOf(file, list)
          expect(await recordsOf(file)).toEqual(JSON.parse(JSON.stringify(list)))
        },
      ),
      { seed: 2, numRuns: 200 },
    )
  })

  it('recovers to the last whole record wherever the last 4 kB are cut', async () => {
    await journalOf(path('whole'), items)
    const whole = readFileSync(path('whole'))
    const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1)
    for (let cut = Math.max(0, whole.length - 4096); cut <= whole.length; cut++) {
      writeFileSync(path('j'), whole.subarray(0, cut))
      const complete = ends.filter((end) => end <= cut)
      const expected: unknown[] = items.slice(0, complete.length)
      expect(await recordsOf(path('j')), `cut at ${cut}`).toEqual(expected)
      // Opening syncs, which takes milliseconds: not at every byte.
      if (cut % 64 !== 0) continue
      const journal = await openJournal(path('j'))
      expect(journal.tornBytes, `cut at ${cut}`).toBe(cut - (complete.at(-1) ?? 0))
      journal.append('after')
      await journal.close()
      expect(await recordsOf(path('j'))).toEqual([...expected, 'after'])
    }
  })

  it('takes zeros that a power loss left of an append for a torn line', async () => {
    await journalOf(path('j'), items.slice(0, 3))
    appendFileSync(path('j'), Buffer.alloc(1000))
    const journal = await openJournal(path('j'))
    expect(journal).toMatchObject({ records: 3, tornBytes: 1000 })
    await journal.close()
  })

  it('does not cut the torn line off while it only reads', async () => {
    await journalOf(path('j'), items)
    const { length } = readFileSync(path('j'))
    truncateSync(path('j'), length - 5)
    expect(await recordsOf(path('j'))).toEqual(items.slice(0, -1))
    expect(readFileSync(path('j'))).toHaveLength(length - 5)
  })

  it('refuses a line changed anywhere before the end, naming file and line', async () => {
    await journalOf(path('whole'), items.slice(0, 4))
    const whole = readFileSync(path('whole'))
    let line = 1
    for (let at = 0; at < whole.length - 1; at++) {
      const changed = Buffer.from(whole)
      changed[at] = (whole[at] ?? 0) ^ 0x04
      writeFileSync(path('j'), changed)
      const error = await openJournal(path('j')).catch((thrown: unknown) => thrown)
      expect(error, `byte ${at}`).toMatchObject({
        code: 'JOURNAL_CORRUPT',
        location: { file: path('j'), row: line },
      })
      expect(readFileSync(path('j'))).toEqual(changed)
      if (whole[at] === 0x0a) line++
    }
  })

  it('refuses a line that was taken out of another and one that pollutes', async () => {
    const json = '{"__proto__":{"polluted":true}}'
    const checksum = crc32(json).toString(16).padStart(8, '0')
    writeFileSync(path('j'), `{"checksum":"${checksum}","record":${json}}\n`)
    await expect(openJournal(path('j'))).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
    writeFileSync(path('j'), '\n')
    await expect(openJournal(path('j'))).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
  })

  it('refuses a file without line ends instead of holding it in memory', async () => {
    writeFileSync(path('j'), Buffer.alloc(18 * 2 ** 20, 'x'))
    await expect(openJournal(path('j'))).rejects.toMatchObject({
      code: 'JOURNAL_CORRUPT',
      location: { row: 1 },
    })
  })

  it('reads lines longer than its pieces', async () => {
    const long = [{ text: 'a'.repeat(3 * 2 ** 20) }, { text: 'b'.repeat(2 ** 20 - 40) }, 'end']
    await journalOf(path('j'), long)
    expect(await recordsOf(path('j'))).toEqual(long)
  })

  it('refuses records that JSON cannot hold or that are too long, and goes on', async () => {
    const journal = await openJournal(path('j'))
    expect(() => journal.append(undefined)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
    expect(() => journal.append('x'.repeat(17 * 2 ** 20))).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    )
    journal.append('good')
    await journal.close()
    expect(await recordsOf(path('j'))).toEqual(['good'])
  })

  it('takes nothing after it was closed', async () => {
    const journal = await openJournal(path('j'))
    await journal.close()
    await journal.close()
    expect(() => journal.append(1)).toThrow(expect.objectContaining({ code: 'FILE_WRITE_FAILED' }))
  })

  it('takes no more after an append failed half way, and recovers when opened again', async () => {
    const journal = await openJournal(path('j'))
    journal.append('first')
    plan.writeFault = 'ENOSPC'
    const failed = expect.objectContaining({ code: 'FILE_WRITE_FAILED' })
    expect(() => journal.append('second')).toThrow(failed)
    plan.writeFault = ''
    expect(() => journal.append('third')).toThrow(failed)
    await journal.close()
    const again = await openJournal(path('j'))
    expect(again.records).toBe(1)
    expect(again.tornBytes).toBeGreaterThan(0)
    await again.close()
  })

  it('names the file for whatever call fails, and loses no record', async () => {
    await journalOf(path('j'), ['kept'])
    for (let nth = 1, failed: string | null = ''; failed !== null; nth++) {
      plan.current?.arm(nth, 'EIO')
      const open = async () => {
        const journal = await openJournal(path('j'))
        await journal.close()
      }
      const error = await open().catch((thrown: unknown) => thrown)
      failed = plan.current?.failed ?? null
      plan.current?.disarm()
      if (failed !== null) {
        expect(AssayError.isInstance(error) && error.kind, `call ${nth}: ${failed}`).toBe('storage')
      }
      expect(await recordsOf(path('j'))).toEqual(['kept'])
    }
  })

  it('says of a failed sync that what was written is in doubt', async () => {
    const journal = await openJournal(path('j'))
    journal.append('first')
    plan.current?.arm(1, 'EIO')
    await expect(journal.flush()).rejects.toMatchObject({ code: 'FILE_WRITE_FAILED' })
    expect(() => journal.append('second')).toThrow(
      expect.objectContaining({ code: 'FILE_WRITE_FAILED' }),
    )
    await expect(journal.close()).rejects.toMatchObject({ code: 'FILE_WRITE_FAILED' })
  })

  it('opens neither folders nor devices, and makes no folder', async () => {
    await expect(openJournal(path())).rejects.toMatchObject({ kind: 'storage' })
    await expect(openJournal('/dev/null')).rejects.toMatchObject({ code: 'FILE_READ_FAILED' })
    await expect(openJournal(path('no', 'j'))).rejects.toMatchObject({ code: 'FILE_WRITE_FAILED' })
    expect(existsSync(path('no'))).toBe(false)
    await expect(recordsOf(path('missing'))).rejects.toMatchObject({ code: 'FILE_MISSING' })
    expect(readdirSync(path())).toEqual([])
  })
})

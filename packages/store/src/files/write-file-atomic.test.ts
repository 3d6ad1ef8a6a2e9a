import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { AssayError } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { FaultPlan, failingFileSystem } from '../test-support/failing-file-system.test.helper.js'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { writeFileAtomic } from './write-file-atomic.js'

const plan = vi.hoisted(() => ({ current: null as FaultPlan | null, full: false }))

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>()
  plan.current = new FaultPlan()
  const failing = failingFileSystem(real, plan.current)
  // With `full`, new files are made on a device that has no room: the kernel's own ENOSPC.
  const open: typeof real.open = (path, flags, mode) =>
    plan.full && flags === 'wx' ? real.open('/dev/full', 'w') : failing.open(path, flags, mode)
  return { ...failing, open }
})

const path = temporaryFolder()
const faults = () => plan.current ?? expect.fail('the file system is not mocked')

async function* pieces(...list: (string | Uint8Array)[]) {
  yield* list
}

async function* failing() {
  yield 'first'
  throw new RangeError('the source failed')
}

describe('writeFileAtomic', () => {
  it.each([
    ['text', () => 'Grüße\n', 'Grüße\n'],
    ['bytes', () => Uint8Array.of(0x41, 0x42), 'AB'],
    ['pieces', () => pieces('one ', Uint8Array.of(0x32), ' three'), 'one 2 three'],
    ['nothing', () => '', ''],
  ])('writes %s', async (_, content, expected) => {
    await writeFileAtomic(path('a.txt'), content())
    expect(readFileSync(path('a.txt'), 'utf8')).toBe(expected)
  })

  it('writes any bytes, with and without sync, and leaves no other file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.boolean(), async (bytes, sync) => {
        await writeFileAtomic(path('a.bin'), bytes, { sync })
        expect(readFileSync(path('a.bin'))).toEqual(Buffer.from(bytes))
        expect(readdirSync(path())).toEqual(['a.bin'])
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('keeps the old file and passes the error on when the pieces fail', async () => {
    writeFileSync(path('a.txt'), 'old')
    await expect(writeFileAtomic(path('a.txt'), failing())).rejects.toThrow(RangeError)
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('old')
    expect(readdirSync(path())).toEqual(['a.txt'])
  })

  it.skipIf(process.platform !== 'linux')('keeps the old file on a full disk', async () => {
    writeFileSync(path('a.txt'), 'old')
    plan.full = true
    const error = await writeFileAtomic(path('a.txt'), 'new').catch((thrown: unknown) => thrown)
    plan.full = false
    expect(error).toMatchObject({ code: 'FILE_WRITE_FAILED', cause: { code: 'ENOSPC' } })
    expect(error).toMatchObject({ remedy: expect.stringContaining('Free space') })
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('old')
  })

  it('is whole or not at all whichever call fails, and leaves nothing behind', async () => {
    const codes = ['ENOSPC', 'EIO', 'EMFILE', 'EACCES', 'EPERM']
    let calls = 0
    for (let nth = 1; ; nth++) {
      writeFileSync(path('a.txt'), 'old')
      faults().arm(nth, codes[nth % codes.length] ?? 'EIO')
      const outcome = await writeFileAtomic(path('a.txt'), 'new').catch((thrown: unknown) => thrown)
      const { failed } = faults()
      faults().disarm()
      expect(readdirSync(path())).toEqual(['a.txt'])
      if (failed === null) break
      calls++
      expect(AssayError.isInstance(outcome) && outcome.code, `call ${nth}`).toBe(
        'FILE_WRITE_FAILED',
      )
      expect(['old', 'new']).toContain(readFileSync(path('a.txt'), 'utf8'))
    }
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('new')
    expect(calls).toBeGreaterThanOrEqual(7)
  })

  it('leaves folders and devices alone', async () => {
    mkdirSync(path('folder'))
    for (const target of [path('folder'), '/dev/null']) {
      await expect(writeFileAtomic(target, 'x')).rejects.toMatchObject({
        code: 'FILE_WRITE_FAILED',
      })
    }
  })

  it('replaces a symbolic link and not what it points to', async () => {
    writeFileSync(path('target'), 'kept')
    symlinkSync(path('target'), path('link'))
    await writeFileAtomic(path('link'), 'new')
    expect(readFileSync(path('target'), 'utf8')).toBe('kept')
    expect(readFileSync(path('link'), 'utf8')).toBe('new')
  })

  it('names the file when its folder is missing', async () => {
    const target = path('no', 'a.txt')
    await expect(writeFileAtomic(target, 'x')).rejects.toMatchObject({
      code: 'FILE_WRITE_FAILED',
      location: { file: target },
    })
  })
})

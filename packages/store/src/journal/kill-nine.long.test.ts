import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { killWriters } from './kill-nine.test.helper.js'
import { openJournal } from './open-journal.js'

const path = temporaryFolder()

describe('a journal whose writer is killed', () => {
  it('loses no acknowledged record in 100 kills', async () => {
    let acknowledged = 0
    for (let seed = 0; seed < 10; seed++) {
      const report = await killWriters(path(`j${seed}`), 10, seed)
      expect(report).toMatchObject({ lost: 0 })
      acknowledged += report.acknowledged
    }
    expect(acknowledged).toBeGreaterThan(10_000)
  })
})

describe('a journal whose unsynced end is lost', () => {
  it('opens and appends after a cut at every byte of the last 4 kB', async () => {
    const journal = await openJournal(path('whole'))
    for (let number = 0; number < 60; number++) journal.append({ number, text: 'x'.repeat(number) })
    await journal.close()
    const whole = readFileSync(path('whole'))
    for (let cut = whole.length - 4096; cut <= whole.length; cut++) {
      writeFileSync(path('j'), whole.subarray(0, cut))
      const recovered = await openJournal(path('j'))
      const lines = whole.subarray(0, cut).filter((byte) => byte === 0x0a).length
      expect(recovered.records, `cut at ${cut}`).toBe(lines)
      recovered.append('after')
      await recovered.close()
      const again = await openJournal(path('j'))
      expect(again).toMatchObject({ records: lines + 1, tornBytes: 0 })
      await again.close()
    }
  })
})

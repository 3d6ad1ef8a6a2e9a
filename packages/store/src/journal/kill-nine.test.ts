import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { killWriters } from './kill-nine.test.helper.js'

const path = temporaryFolder()

describe('a journal whose writer is killed', () => {
  it('loses no acknowledged record in 5 kills', async () => {
    const report = await killWriters(path('j'), 5, 1)
    expect(report).toMatchObject({ lost: 0 })
    expect(report.acknowledged).toBeGreaterThan(100)
    expect(report.records).toBeGreaterThanOrEqual(report.acknowledged)
  })
})

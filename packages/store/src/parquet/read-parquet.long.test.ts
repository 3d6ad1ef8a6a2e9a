import { writeFileSync } from 'node:fs'
import { AssayError } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { readParquet } from './read-parquet.js'
import oracle from './read-parquet.oracle.json' with { type: 'json' }

const path = temporaryFolder()
const limits = { seconds: 5, megabytes: 512 }

async function outcomeOf(bytes: Uint8Array): Promise<unknown> {
  writeFileSync(path('a.parquet'), bytes)
  try {
    let rows = 0
    for await (const _ of readParquet(path('a.parquet'), { limits })) rows++
    return rows
  } catch (error) {
    return error
  }
}

describe('readParquet', () => {
  it.each(Object.entries(oracle.files))('survives any changed bytes: %s', async (_, file) => {
    const whole = Buffer.from(file, 'base64')
    const change = fc.tuple(fc.nat(whole.length - 9), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        const outcome = await outcomeOf(bytes)
        expect(typeof outcome === 'number' || AssayError.isInstance(outcome)).toBe(true)
      }),
      { seed: 7, numRuns: 100 },
    )
  })
})

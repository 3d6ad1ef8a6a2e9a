import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pictureBombs } from '../__fixtures__/picture-bombs.js'

const script = fileURLToPath(new URL('../__fixtures__/decode-file.mjs', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-bombs-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a process that is handed a bomb', () => {
  it.each(pictureBombs)('grows by at most 64 MiB: $name', async ({ make, code }) => {
    const path = join(folder, 'bomb')
    writeFileSync(path, await make())
    const { stdout } = await promisify(execFile)(process.execPath, [script, path])
    const outcome: unknown = JSON.parse(stdout)
    expect(outcome).toEqual({ code, grownMebibytes: expect.any(Number) })
    expect((outcome as { grownMebibytes: number }).grownMebibytes).toBeLessThan(64)
  })
})

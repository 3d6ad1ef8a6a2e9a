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
const rows: string[] = []
afterAll(() => {
  rmSync(folder, { recursive: true })
  // Times are told, not asserted: wanted are at most 50 ms.
  process.stdout.write(`Refused within\n${rows.join('\n')}\n`)
})

describe.runIf(process.platform === 'linux')('a process that is handed a bomb', () => {
  it.each(pictureBombs)('grows by at most 64 MiB: $name', async ({ name, make, code }) => {
    const path = join(folder, 'bomb')
    writeFileSync(path, await make())
    const { stdout } = await promisify(execFile)(process.execPath, [script, path])
    const outcome = JSON.parse(stdout) as {
      code: string
      milliseconds: number
      grownMebibytes: number
    }
    rows.push(
      `${outcome.milliseconds.toFixed(1)} ms, ${outcome.grownMebibytes.toFixed(1)} MiB: ${name}`,
    )
    expect(outcome.code).toBe(code)
    expect(outcome.grownMebibytes).toBeLessThan(64)
  })
})

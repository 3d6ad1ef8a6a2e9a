import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { readLines } from './read-lines.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-lines-'))
const path = join(folder, 'lines.txt')
afterAll(() => rmSync(folder, { recursive: true }))

const linesOf = async (content: string | Uint8Array, limit: number) => {
  writeFileSync(path, content)
  const lines: (string | null)[] = []
  for await (const { number, bytes } of readLines(path, limit)) {
    expect(number).toBe(lines.length + 1)
    lines.push(bytes?.toString() ?? null)
  }
  return lines
}

describe('readLines', () => {
  it('gives the lines that splitting the whole text gives', async () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '\n', '猫', '\r\n'), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, async (pieces) => {
        const whole = pieces.join('')
        const expected = whole.split('\n')
        if (expected.at(-1) === '') expected.pop()
        expect(await linesOf(whole, 1000)).toEqual(expected)
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  it('puts lines together that reach over pieces of the file', async () => {
    // A file is read in pieces of 64 KiB.
    const long = 'x'.repeat(200_000)
    expect(await linesOf(`a\n${long}\nb`, 300_000)).toEqual(['a', long, 'b'])
  })

  it('keeps no line that is longer than the limit, and goes on after it', async () => {
    const long = 'x'.repeat(200_000)
    expect(await linesOf(`${long}\nb\n12345\n123456\n${long}`, 5)).toEqual([
      null,
      'b',
      '12345',
      null,
      null,
    ])
  })

  it('finds no line in an empty file', async () => {
    expect(await linesOf('', 10)).toEqual([])
    expect(await linesOf('\n', 10)).toEqual([''])
  })
})

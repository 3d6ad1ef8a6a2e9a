import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiversityScore, PromptValues } from '@assay/repellency/audit'
import { demo } from '@assay/tiny-world'
import { beforeAll, describe, expect, it } from 'vitest'
import { copyDemoSet, temporaryFolder } from './__fixtures__/picture-folder.js'
import { runCli } from './__fixtures__/run-cli.js'

let home = ''
let env: Record<string, string> = {}
const assay = (...arguments_: string[]) => runCli(['diversity', ...arguments_], { cwd: home, env })

interface Document {
  readonly pictures: number
  readonly references: number | null
  readonly scores: readonly DiversityScore[]
  readonly prompts: readonly PromptValues[]
  readonly failures: readonly { readonly code: string }[]
}

async function measured(...arguments_: string[]): Promise<Document> {
  const { code, stdout } = await assay(...arguments_, '--json', '--quiet')
  expect(code).toBe(0)
  return JSON.parse(stdout) as Document
}

const score = ({ scores }: Document, id: string, scope: DiversityScore['scope'] = 'pooled') =>
  scores.find((each) => each.id === id && each.scope === scope)

beforeAll(async () => {
  home = await temporaryFolder()
  env = { ASSAY_CACHE: join(home, 'cache') }
  await copyDemoSet('outputs', { to: join(home, 'outputs'), count: 40 })
  await copyDemoSet('reference', { to: join(home, 'reference'), count: 40 })
  await copies('same', ['a frog', 'a frog', 'a bus', 'a bus'])
  return () => rm(home, { recursive: true })
})

/** A folder in which one picture stands several times, under the given prompts. */
async function copies(folder: string, prompts: readonly string[]): Promise<void> {
  const [line = ''] = (await readFile(join(demo.outputs, 'metadata.jsonl'), 'utf8')).split('\n')
  const { file_name: file } = JSON.parse(line) as { file_name: string }
  await mkdir(join(home, folder))
  const lines = prompts.map((prompt, at) => JSON.stringify({ file_name: `${at}.png`, prompt }))
  for (const at of prompts.keys())
    await cp(join(demo.outputs, file), join(home, folder, `${at}.png`))
  await writeFile(join(home, folder, 'metadata.jsonl'), `${lines.join('\n')}\n`)
}

describe('assay diversity', () => {
  it('finds no diversity in one picture that stands four times', async () => {
    const document = await measured('same')
    for (const id of ['vendi-1', 'vendi-2', 'vendi-infinity']) {
      for (const scope of ['pooled', 'within prompts'] as const) {
        expect(score(document, id, scope)?.value).toBeCloseTo(1, 6)
      }
    }
    expect(score(document, 'near-duplicates')).toMatchObject({ value: 1, n: 4 })
    expect(document.prompts.map(({ prompt, pictures }) => [prompt, pictures])).toEqual([
      ['a frog', 2],
      ['a bus', 2],
    ])
  })

  it('names encoder, kernel, order, k, threshold and n with every score, and a reason for what is missing', async () => {
    const document = await measured('outputs', '--reference', 'reference', '--neighbours', '3')
    expect(document).toMatchObject({ pictures: 40, references: 40, failures: [] })
    expect(document.scores).toHaveLength(9 + 8)
    for (const each of document.scores) {
      expect(each).toMatchObject({
        encoder: 'assay/tiny-clip',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        kernel: expect.stringMatching(/^(cosine|euclidean)/),
      })
      if (each.value === null || each.interval === null) expect(each.reason).toBeTruthy()
      if (each.value !== null) expect(each.n).toBeGreaterThan(0)
    }
    expect(score(document, 'vendi-infinity')).toMatchObject({ order: 'infinity', n: 40 })
    expect(score(document, 'vendi-2')).toMatchObject({ order: 2 })
    expect(score(document, 'recall')).toMatchObject({ neighbours: 3, references: 40 })
    expect(score(document, 'near-duplicates')).toMatchObject({ threshold: 0.972 })
  })

  it('orders Vendi scores, and finds a set like itself and unlike another', async () => {
    const same = await measured('outputs', '--reference', 'outputs')
    const [one, two, infinity] = ['vendi-1', 'vendi-2', 'vendi-infinity'].map(
      (id) => score(same, id)?.value ?? 0,
    ) as [number, number, number]
    expect(one).toBeGreaterThan(two)
    expect(two).toBeGreaterThan(infinity)
    for (const id of ['precision', 'recall', 'coverage']) expect(score(same, id)?.value).toBe(1)
    expect(score(same, 'frechet-distance')?.value).toBeLessThan(1e-6)
    const other = await measured('outputs', '--reference', 'reference')
    expect(score(other, 'frechet-distance')?.value).toBeGreaterThan(1e-3)
    for (const id of ['vendi-1', 'frechet-distance']) {
      expect(score(other, id)?.interval?.method).toMatch(/jackknife, by prompt$/)
    }
  })

  it('prints a table that says what it was seen with, and why figures are missing', async () => {
    const { code, stdout } = await assay('outputs', '--quiet')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Vendi score, q = infinity +[\d.]+ \([\d.]+ to [\d.]+\) +40/m)
    expect(stdout).toMatch(/^Near-duplicates, cosine from 0\.972/m)
    expect(stdout).toContain('Seen by assay/tiny-clip')
    expect(stdout).toContain('No reference set was given.')
  })

  it('takes a threshold of the user, and ends with 3 where a picture could not be read', async () => {
    const loose = await measured('outputs', '--threshold', '0.5')
    expect(score(loose, 'near-duplicates')).toMatchObject({ value: 1, threshold: 0.5 })
    await cp(join(home, 'same'), join(home, 'broken'), { recursive: true })
    await writeFile(join(home, 'broken', '0.png'), 'no picture')
    const { code, stdout } = await assay('broken', '--json', '--quiet')
    expect(code).toBe(3)
    const document = JSON.parse(stdout) as Document
    expect(document.failures).toHaveLength(1)
    expect(score(document, 'vendi-1')).toMatchObject({ n: 3, missing: 1 })
  })

  it.each([
    ['a missing folder', ['nowhere']],
    ['a missing reference', ['same', '--reference', 'nowhere']],
    ['no neighbours', ['same', '--neighbours', '0']],
    ['a threshold above 1', ['same', '--threshold', '2']],
    ['a level of 1', ['same', '--level', '1']],
    ['one group', ['same', '--groups', '1']],
    ['an unknown model', ['same', '--encoder', 'none']],
    ['an unknown device', ['same', '--device', 'abacus']],
  ])('ends with 2 for %s, with stdout empty', async (_, arguments_) => {
    const { code, stdout, stderr } = await assay(...arguments_)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).not.toBe('')
  })
})

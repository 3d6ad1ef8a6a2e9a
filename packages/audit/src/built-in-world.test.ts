import { mkdtemp, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attribution, conceptFilter, demo, tinyClip } from '@assay/tiny-world'
import { beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from './__fixtures__/chromium.js'
import { openReport } from './__fixtures__/open-report.js'
import { type RunAuditResult, runAudit } from './run/run-audit.js'

interface DemoRow {
  readonly file_name: string
  readonly prompt: string
  readonly planted?: boolean
  readonly plantedKind?: string
  readonly plantedFrom?: string
  readonly transform?: string
}

const { head, calibration } = attribution
let folder = ''
let rows: readonly DemoRow[] = []
let result: RunAuditResult
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-demo-'))
  const lines = (await readFile(join(demo.outputs, 'metadata.jsonl'), 'utf8')).trim().split('\n')
  rows = lines.map((line) => JSON.parse(line) as DemoRow)
  result = await runAudit({
    config: {
      ...demo,
      training: demo.protected,
      audits: {
        attribution: { head, calibration, groupBy: 'style' },
        'concept-filter': { filter: join(conceptFilter, 'filter.json'), drift: 0.01 },
      },
    },
    outFolder: join(folder, 'report'),
    cacheFolder: join(folder, 'cache'),
    modelFolders: [tinyClip],
  })
}, 120_000)

/** Measures over the pictures of each prompt. */
const withinPrompts = /^prompt-(?!alignment)/

/** Pairs of pictures in the findings, whichever came first. */
const foundPairs = () =>
  new Set(
    result.document.audits.flatMap(({ findings }) =>
      findings.flatMap(({ items: [a, b] }) => [`${a} ${b}`, `${b} ${a}`]),
    ),
  )

describe('the audit of the built-in world', () => {
  it('finds every planted copy, and every planted repeat, that is not mirrored', () => {
    const planted = rows.filter(({ planted, transform }) => planted && !transform?.includes('flip'))
    expect(planted.length).toBeGreaterThanOrEqual(10)
    const pairs = foundPairs()
    const missed = planted.filter(
      ({ file_name: file, plantedFrom }) =>
        !pairs.has(`outputs/${file} protected/${plantedFrom}`) &&
        !pairs.has(`outputs/${file} outputs/${plantedFrom}`),
    )
    expect(missed).toEqual([])
  })

  it('calls few of the other outputs copies', () => {
    const planted = new Set(rows.flatMap((row) => (row.planted ? `outputs/${row.file_name}` : [])))
    const copies = result.document.audits
      .flatMap(({ findings }) => findings)
      .filter(
        ({ id, items: [output = ''] }) => id.startsWith('protected-copy') && !planted.has(output),
      )
    expect(copies.length / (rows.length - planted.size)).toBeLessThan(0.03)
  })

  it('uses every picture, and gives every measure a figure with an interval', () => {
    expect(result.partial).toBe(false)
    expect(result.document.run.inputs.flatMap(({ failures }) => failures)).toEqual([])
    for (const { measures } of result.document.audits) {
      for (const { id, value, interval, missing } of measures) {
        if (withinPrompts.test(id)) continue
        expect(value).not.toBeNull()
        expect(interval).not.toBeNull()
        expect(missing).toBe(0)
      }
    }
  })

  it('measures within prompts what their pictures allow, and says why it cannot measure the rest', () => {
    const measures = result.document.audits
      .flatMap((audit) => audit.measures)
      .filter(({ id }) => withinPrompts.test(id))
    const missed = measures.filter(({ value }) => value === null)
    // The reference pictures show other things than the outputs.
    expect(missed.map(({ id }) => id)).toEqual(
      ['precision', 'recall', 'density', 'coverage'].map((id) => `prompt-${id}`),
    )
    for (const { reason } of missed) expect(reason).toMatch(/^No prompt has more than 5 outputs/)
    const timesOf = (wanted: string) => rows.filter(({ prompt }) => prompt === wanted).length
    const alone = rows.filter(({ prompt }) => timesOf(prompt) === 1)
    expect(measures.find(({ id }) => id === 'prompt-vendi')?.missing).toBe(alone.length)
  })

  it('finds each planted protected picture once, with all outputs that reproduce it', () => {
    const findings = result.document.audits.find(({ id }) => id === 'repellency')?.findings ?? []
    const reproduced = new Map(
      findings.map(({ items: [picture = '', ...found] }) => [picture, found]),
    )
    expect(reproduced.size).toBe(findings.length)
    const planted = rows.filter(
      ({ plantedKind, transform }) =>
        plantedKind === 'protected-copy' && !transform?.includes('flip'),
    )
    expect(planted.length).toBeGreaterThanOrEqual(8)
    for (const { file_name: file, plantedFrom } of planted) {
      expect(reproduced.get(`protected/${plantedFrom}`)).toContain(`outputs/${file}`)
    }
  })

  it.skipIf(findChromium() === null)(
    'makes a report whose thumbnails load from disk, without script, error or request',
    async () => {
      const file = join(folder, 'report', 'report.html')
      expect((await stat(file)).size).toBeLessThan(5e6)
      const seen = await openReport(findChromium() ?? '', file)
      expect(seen).toMatchObject({ errors: [], requests: [], hacked: false })
      expect(seen.pictures).toBeGreaterThan(100)
      expect(seen.loadedPictures).toBe(seen.pictures)
      expect(seen.text).toContain('Copies a protected picture')
    },
  )
})

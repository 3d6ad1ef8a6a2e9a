import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Audit } from '@assay/core'
import { demo, tinyClip } from '@assay/tiny-world'
import { beforeEach, describe, expect, it } from 'vitest'
import { similarityAudit } from '../similarity/similarity-audit.js'
import { runAudit } from './run-audit.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-run-'))
  await mkdir(join(folder, 'outputs'))
  const lines = (await readFile(join(demo.outputs, 'metadata.jsonl'), 'utf8')).split('\n')
  for (const line of lines.slice(0, 6)) {
    const { file_name: file } = JSON.parse(line) as { file_name: string }
    await cp(join(demo.outputs, file), join(folder, 'outputs', file))
  }
})

/** An audit that counts how often it is run, and can be told to fail. */
function countingAudit(id: string, fail: () => boolean = () => false): Audit & { runs: number } {
  const counting = {
    ...similarityAudit,
    runs: 0,
    meta: { ...similarityAudit.meta, id },
    parseOptions: (options: unknown) => options,
    async run() {
      counting.runs += 1
      if (fail()) throw controller.signal.reason
      return {
        id,
        status: 'informative' as const,
        measures: [],
        findings: [],
        warnings: [],
        items: [{ id: 'x', scores: { runs: counting.runs } }],
      }
    },
  }
  return counting
}

let controller = new AbortController()

const run = (audits: readonly Audit[], config: object = {}) =>
  runAudit({
    config: { outputs: 'outputs', ...config },
    baseFolder: folder,
    outFolder: join(folder, 'out'),
    cacheFolder: join(folder, 'cache'),
    modelFolders: [tinyClip],
    audits,
    signal: controller.signal,
  })

describe('runAudit', () => {
  it('counts a run as partial where an audit failed', async () => {
    controller = new AbortController()
    const broken = { ...countingAudit('broken'), run: () => Promise.reject(new Error('no')) }
    const { document, partial } = await run([countingAudit('whole'), broken])
    expect(document.audits.map(({ status }) => status)).toEqual(['informative', 'error'])
    expect(partial).toBe(true)
    expect((await run([countingAudit('other')], { encoder: 'assay/tiny-clip' })).partial).toBe(
      false,
    )
  })

  it('does not judge again what an interrupted run had judged', async () => {
    controller = new AbortController()
    const first = countingAudit('first')
    const second = countingAudit('second', () => {
      if (second.runs === 1) controller.abort()
      return second.runs === 1
    })
    await expect(run([first, second])).rejects.toThrow()
    controller = new AbortController()
    const { document } = await run([first, second])
    expect(document.audits.map(({ id }) => id)).toEqual(['first', 'second'])
    expect([first.runs, second.runs]).toEqual([1, 2])
    expect(await readFile(join(folder, 'out', 'items.jsonl'), 'utf8')).toBe(
      '{"id":"x","first":{"runs":1},"second":{"runs":2}}\n',
    )
  })

  it('judges again after a finished run, and after options or pictures have changed', async () => {
    controller = new AbortController()
    const audit = countingAudit('only')
    const { document } = await run([audit])
    await run([audit])
    expect(audit.runs).toBe(2)
    const other = await run([audit], { seed: 2 })
    expect(other.document.run.id).not.toBe(document.run.id)
    await writeFile(join(folder, 'outputs', 'new.png'), 'no picture')
    const changed = await run([audit])
    expect(changed.document.run.id).not.toBe(document.run.id)
    expect(changed.document.run.inputs[0]?.failures.length).toBe(1)
    expect(changed.partial).toBe(true)
  })

  it('hands an audit the files that its options name, as part of what the run is', async () => {
    controller = new AbortController()
    const seen: unknown[] = []
    const audit: Audit = {
      ...countingAudit('reader'),
      files: () => ['head.json'],
      async run({ files }) {
        seen.push(new TextDecoder().decode(files.get('head.json')))
        return {
          id: 'reader',
          status: 'informative',
          measures: [],
          findings: [],
          warnings: [],
          items: [],
        }
      },
    }
    await expect(run([audit])).rejects.toMatchObject({ code: 'FILE_MISSING' })
    const ids: string[] = []
    for (const content of ['one', 'two']) {
      await writeFile(join(folder, 'head.json'), content)
      ids.push((await run([audit])).document.run.id)
    }
    expect(seen).toEqual(['one', 'two'])
    expect(new Set(ids).size).toBe(2)
  })

  it('shows pictures of the sets that options name, as part of what the run is', async () => {
    controller = new AbortController()
    const showing = (id: string, sets: Record<string, string>): Audit => ({
      ...countingAudit(id),
      pictureSets: () => sets,
      run: async ({ pictureSets }) => ({
        ...{ id, status: 'informative', measures: [], warnings: [], items: [] },
        findings: (pictureSets.get('base') ?? []).map((item) => ({
          ...{ id: item.id, title: 'Shown', severity: 'information', evidence: {} },
          ...{ items: [`base/${item.id}`], captions: ['without'] },
        })),
      }),
    })
    const audit = showing('shower', { base: 'plain' })
    await expect(run([audit])).rejects.toMatchObject({ code: 'FILE_MISSING' })
    await cp(join(folder, 'outputs'), join(folder, 'plain'), { recursive: true })
    const { document } = await run([audit])
    expect(document.run.inputs.map(({ set }) => set)).toEqual(['outputs'])
    expect(document.audits[0]?.findings).toHaveLength(6)
    const report = await readFile(join(folder, 'out', 'report.html'), 'utf8')
    expect(report.match(/<img src="data:image[^>]*alt="base\//g)).toHaveLength(6)
    const [{ id = '' } = {}] = document.audits[0]?.findings ?? []
    await writeFile(join(folder, 'plain', id), 'no picture')
    expect((await run([audit])).document.run.id).not.toBe(document.run.id)
    expect(await readFile(join(folder, 'out', 'report.html'), 'utf8')).toContain('no picture')
    for (const sets of [{ base: 'outputs' }, { protected: 'plain' }]) {
      const other = showing('other', sets)
      await expect(run([audit, other])).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    }
  })

  it('refuses a second run in the same folder at the same time', async () => {
    controller = new AbortController()
    const audit = countingAudit('only')
    const results = await Promise.allSettled([run([audit]), run([audit])])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find((result) => result.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'LOCKED' })
  })

  it('runs only the audits that were asked for', async () => {
    controller = new AbortController()
    const audits = [countingAudit('first'), countingAudit('second')]
    const { document } = await run(audits, { only: ['second'] })
    expect(document.audits.map(({ id }) => id)).toEqual(['second'])
  })
})

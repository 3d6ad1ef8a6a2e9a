import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { abcMini, attribution } from '@assay/tiny-world'
import { describe, expect, it } from 'vitest'
import { openFeatures } from '../node/features/open-features.js'
import { readHeadFile } from '../node/head/read-head-file.js'
import { readTunedModels } from '../node/read-tuned-models.js'
import { compareMethods } from './compare-methods.js'
import { evaluateExemplars } from './evaluate-exemplars.js'
import type { ExemplarEvaluation } from './exemplar-evaluation.js'

interface Figures {
  readonly untuned: number
  readonly tuned: number
  readonly difference: number
  readonly interval: readonly [number, number]
}

/** What the recipe of the clean test wrote; in points. */
interface Report {
  readonly encoders: Readonly<
    Record<
      'tiny-clip' | 'grey-clip',
      { readonly head: string; readonly all: Readonly<Record<'recall@10' | 'mAP', Figures>> }
    >
  >
}

interface Drawn {
  readonly id: string
  readonly model: string
  readonly type: string
  readonly prompt: string
  readonly ranks: Readonly<Record<'tiny-clip' | 'grey-clip', readonly [number, number]>>
}

const linesOf = async <Line>(folder: string, file: string): Promise<Line[]> =>
  (await readFile(join(folder, file), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

/** What `evaluateExemplars` would give for pictures whose exemplars' ranks are known. */
const evaluationOf = (
  rows: readonly (readonly [Omit<Drawn, 'ranks'>, number])[],
): ExemplarEvaluation => ({
  queries: rows.map(([{ id, model, type: promptType }, rank]) => {
    return { id, model, promptType, split: 'clean', cluster: model, ranks: [rank], others: 7041 }
  }),
  cutoffs: [10],
  ...{ table: [], poolSize: 7041, warnings: [] },
})

const { cleanTest } = attribution
const drawn = await linesOf<Drawn>(cleanTest, 'synth.jsonl')
const report: Report = JSON.parse(await readFile(join(cleanTest, 'clean-test.json'), 'utf8'))

describe('the clean test of the built-in head', () => {
  it('finds each exemplar where the table of pictures says, without the head and with it', async () => {
    const head = await readHeadFile(attribution.head)
    expect(head.fingerprint).toBe(report.encoders['tiny-clip'].head)
    const models = await readTunedModels(join(cleanTest, 'splits', 'test_clean.json'))
    const [pool, exemplars, queries] = await Promise.all([
      openFeatures(join(abcMini, 'pool.safetensors')),
      openFeatures(join(cleanTest, 'exemplars.safetensors')),
      openFeatures(join(cleanTest, 'synth.safetensors')),
    ])
    const some = models.filter((_, at) => at % 8 === 0)
    const task = { pool, exemplars, queries, models: some }
    const names = new Set(some.map(({ id }) => id))
    for (const [at, own] of [null, head].entries()) {
      const { queries: found } = await evaluateExemplars({ ...task, head: own })
      expect(new Map(found.map(({ id, ranks }) => [id, ranks[0]]))).toEqual(
        new Map(
          drawn
            .filter(({ model }) => names.has(model))
            .map(({ id, ranks }) => [id, ranks['tiny-clip'][at]]),
        ),
      )
    }
    await Promise.all([pool, exemplars, queries].map((file) => file.close()))
  })

  it('has the figures that follow from its table, and recall@10 rises with either head', () => {
    expect(drawn).toHaveLength(1536)
    for (const encoder of ['tiny-clip', 'grey-clip'] as const) {
      const { all: expected } = report.encoders[encoder]
      const methods = ['untuned', 'tuned'].map((name, at) => ({
        name,
        evaluation: evaluationOf(drawn.map(({ ranks, ...row }) => [row, ranks[encoder][at] ?? 0])),
      }))
      const all = compareMethods({ methods, by: [] }).rows.at(-1)
      expect(all).toMatchObject({ queries: 1536, models: 192 })
      for (const id of ['recall@10', 'mAP'] as const) {
        const [before, after] = all?.measures.find((measure) => measure.id === id)?.methods ?? []
        const { value, interval } = after?.difference ?? {}
        const found = [before?.value, after?.value, value, interval?.low, interval?.high]
        const { untuned, tuned, difference, interval: ends } = expected[id]
        expect(found.map((number) => 100 * (number ?? Number.NaN))).toEqual(
          [untuned, tuned, difference, ...ends].map((number) => expect.closeTo(number, 2)),
        )
      }
      expect(expected['recall@10'].interval[0]).toBeGreaterThan(0)
    }
  })

  it('has no exemplar and no prompt of AbC-mini', async () => {
    const idsOf = async (folder: string) =>
      (await linesOf<{ readonly id: string }>(folder, 'exemplars.jsonl')).map(({ id }) => id)
    const promptsOf = async (folder: string) =>
      (await linesOf<Drawn>(folder, 'synth.jsonl')).map(({ prompt }) => prompt)
    const exemplars = await idsOf(cleanTest)
    expect(new Set(exemplars).size).toBe(192)
    const known = new Set([...(await idsOf(abcMini)), ...(await promptsOf(abcMini))])
    const ours = [...exemplars, ...drawn.map(({ prompt }) => prompt)]
    expect(ours.filter((text) => known.has(text))).toEqual([])
  })
})

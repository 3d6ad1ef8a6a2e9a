/**
 * Which pictures was it made from? Tunes a head on pictures whose exemplars are known, and measures it on
 * exemplars and prompts that it has not seen. See packages/attribution/README.md.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type AttributionHead,
  attribute,
  collectCalibrationScores,
  collectFeatures,
  type FeatureSource,
  featuresFromMatrix,
  fitCalibration,
} from '@assay/attribution'
import {
  compareMethods,
  evaluateExemplars,
  evaluateLargerSets,
  influenceAgreement,
  type JudgedInfluence,
} from '@assay/attribution/evaluation'
import { openFeatures, readTunedModels } from '@assay/attribution/node'
import { fitAttributionHead, splitHeldOut } from '@assay/attribution/train'
import { type Interval, type Matrix, selectRows } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { abcMini } from '@assay/tiny-world'

// AbC-mini: customised generators, their exemplars, what they drew, and all other pictures they knew.

const [exemplars, drawn, pool] = await Promise.all(
  ['exemplars', 'synth', 'pool'].map((part) => openFeatures(join(abcMini, `${part}.safetensors`))),
)
if (!exemplars || !drawn || !pool) throw new TypeError('AbC-mini lacks a part')
const files = await readdir(join(abcMini, 'splits'))
const lists = files.map((file) => readTunedModels(join(abcMini, 'splits', file)))
const models = (await Promise.all(lists)).flat()
const modelsOf = (...splits: string[]) =>
  models.filter(({ split = '' }) => splits.some((name) => split === name))
const sets = modelsOf(...[1, 5, 20, 50].map((size) => `test_set_${size}`))
const test = [...modelsOf('test_object', 'test_style'), ...sets]

// A picture of the pool may show what an exemplar shows; the set says which.

const linesOf = async <Line>(file: string): Promise<Line[]> =>
  (await readFile(join(abcMini, file), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

const told = await linesOf<{ readonly poolNearDuplicates: readonly number[] }>('exemplars.jsonl')
const rows = told.map(({ poolNearDuplicates }, exemplar) => ({
  exemplar,
  pool: poolNearDuplicates,
}))
const duplicates = { rows, treatment: 'exclude' } as const

interface Drawn {
  readonly id: string
  readonly prompt: string
  readonly shares?: readonly (readonly [id: string, share: number])[]
}
const pictures = new Map(
  (await linesOf<Drawn>('synth.jsonl')).map((picture) => [picture.id, picture]),
)

// A head is tuned on the training models; other prompts and other models choose it among its steps.

const engine = createEngine({ threads: 1 })
const { training, heldOut } = splitHeldOut({
  models: modelsOf('train_object', 'train_style'),
  promptOf: (query) => pictures.get(String(query))?.prompt ?? String(query),
  modelShare: 0,
})
const others = modelsOf('val_object', 'val_style')
const { head, step } = await fitAttributionHead({
  engine,
  models: training,
  exemplars: await collectFeatures(exemplars),
  queries: await collectFeatures(drawn),
  epochs: 30,
  learningRate: 0.0001,
  validation: {
    sets: { prompts: heldOut.prompts, exemplars: others },
    pool: await collectFeatures(pool),
    every: 20,
  },
})
await engine.close()
console.log(`head of step ${step}, by validation`)

// Before and after, on the same pictures of models that nothing was learned from.

const percent = (value: number | null) => (100 * (value ?? Number.NaN)).toFixed(1)
const range = (interval: Interval | null, format: (value: number) => string = percent) =>
  interval ? `[${format(interval.low)}, ${format(interval.high)}]` : '[none]'
const task = { pool, exemplars, queries: drawn, cutoffs: [10] }
const evaluated = async (name: string, own: AttributionHead | null) => ({
  name,
  evaluation: await evaluateExemplars({ ...task, models: test, duplicates, head: own }),
})
const methods = [await evaluated('untuned', null), await evaluated('tuned', head)]
for (const { group, measures } of compareMethods({ methods, by: ['split'] }).rows) {
  for (const { id, ceiling, chance, methods: values } of measures) {
    const [before, after] = values
    if (!before || !after?.difference || id === 'hit@10') continue
    const { value, interval } = after.difference
    console.log(
      `${(group.split ?? 'all').padEnd(12)} ${id.padEnd(9)}`,
      `${percent(before.value)} -> ${percent(after.value)}, difference ${percent(value)} ${range(interval)},`,
      `ceiling ${percent(ceiling)}, chance ${percent(chance)}`,
    )
  }
}

// Larger exemplar sets, which each have less influence, among more and more others.

for (const [name, own] of [
  ['untuned', null],
  ['tuned', head],
] as const) {
  const options = { ...task, models: sets, head: own, poolSizes: [1000, 'all'] as const }
  for (const { poolSize, table } of await evaluateLargerSets(options)) {
    const figures = table.map(({ group, measures: [recall, , precision] }) => {
      return `E=${group.exemplars ?? 'all'} ${percent(recall?.value ?? null)}/${percent(precision?.value ?? null)}`
    })
    console.log(`${name.padEnd(8)} among ${poolSize}: recall@10/mAP ${figures.join('  ')}`)
  }
}

// Soft influence beside the truth: the composer knows what share of a picture each of its pictures has.

const [known, all, queries] = await Promise.all(
  [exemplars, pool, drawn].map((part) => collectFeatures(part)),
)
if (!known || !all || !queries) throw new TypeError('AbC-mini lacks a part')

/** Rows by their ids. */
function named(matrix: Matrix, names: readonly (string | number)[]): Matrix {
  const rows = new Map(matrix.ids?.map((id, row) => [id, row]))
  return selectRows(
    matrix,
    names.map((name) => rows.get(String(name)) ?? -1),
  )
}

/** The pictures that a model knew: its exemplars, and the pool. */
function candidatesOf(own: Matrix, rest: Matrix): FeatureSource {
  const data = new Float32Array(own.data.length + rest.data.length)
  data.set(own.data)
  data.set(rest.data, own.data.length)
  const ids = [...(own.ids ?? []), ...(rest.ids ?? [])]
  return featuresFromMatrix({ ...rest, data, rows: ids.length, ids })
}

for (const [name, own] of [
  ['untuned', null],
  ['tuned', head],
] as const) {
  const sources = { exemplars, queries: drawn, pool }
  const scores = await collectCalibrationScores({ ...sources, models: others, head: own })
  const calibration = fitCalibration(scores)
  const outputs: JudgedInfluence[] = []
  for (const model of test) {
    const candidates = candidatesOf(named(known, model.exemplars), all)
    const asked = named(queries, Object.values(model.queries).flat())
    const { attributions } = await attribute({
      queries: asked,
      ...{ pool: candidates, head: own, calibration, k: candidates.rows },
    })
    for (const { query, matches } of attributions) {
      const shares = new Map(pictures.get(query)?.shares)
      outputs.push({
        influence: matches.map((match) => match.influence ?? 0),
        truth: matches.map(({ id }) => shares.get(id) ?? 0),
        cluster: model.id,
      })
    }
  }
  const { pearson } = influenceAgreement(outputs)
  const { inverseTemperature, bias } = calibration
  const three = (value: number) => value.toFixed(3)
  console.log(
    `${name.padEnd(8)} influence and true share: correlation ${three(pearson.value ?? Number.NaN)}`,
    `${range(pearson.interval, three)}, with t ${three(inverseTemperature)}, b ${three(bias)}`,
  )
}

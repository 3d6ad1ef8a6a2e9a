import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { abcMini } from '@assay/tiny-world'
import { expect, it } from 'vitest'
import { openFeatures } from '../node/features/open-features.js'
import { readTunedModels } from '../node/read-tuned-models.js'
import { evaluateExemplars } from './evaluate-exemplars.js'

interface Figures {
  readonly models: number
  readonly queries: number
  readonly recall: readonly {
    readonly k: number
    readonly recall: number
    readonly ceiling: number
    readonly chance: number
  }[]
  readonly meanAveragePrecision: number
}

/** What the recipe of the set found for untuned cosine, by code of its own: by split and prompt type. */
interface Card {
  readonly retrieval: Readonly<Record<string, Readonly<Record<string, { readonly all: Figures }>>>>
}

it('finds on AbC-mini what its card says, with the same ceilings and chance', async () => {
  const card = JSON.parse(await readFile(join(abcMini, 'abc-mini.json'), 'utf8')) as Card
  const splits = ['test_object', 'test_style', 'test_set_5', 'test_set_50']
  const lists = splits.map((split) => readTunedModels(join(abcMini, 'splits', `${split}.json`)))
  const open = (part: string) => openFeatures(join(abcMini, `${part}.safetensors`))
  const [pool, exemplars, queries] = await Promise.all([
    open('pool'),
    open('exemplars'),
    open('synth'),
  ])
  const models = (await Promise.all(lists)).flat()
  const { table } = await evaluateExemplars({ pool, exemplars, queries, models })
  await Promise.all([pool, exemplars, queries].map((file) => file.close()))
  const kinds = table.filter(({ group }) => group.split !== undefined)
  expect(kinds.map(({ group }) => group.split)).toEqual(splits.flatMap((split) => [split, split]))
  for (const { group, models: count, queries: asked, measures } of kinds) {
    const expected = card.retrieval[group.split ?? '']?.[group.promptType ?? '']?.all
    expect(expected).toMatchObject({ models: count, queries: asked })
    for (const { k, recall, ceiling, chance } of expected?.recall ?? []) {
      const measure = measures.find(({ id }) => id === `recall@${k}`)
      expect(measure?.value).toBeCloseTo(recall, 4)
      expect(measure?.ceiling).toBeCloseTo(ceiling, 4)
      expect(measure?.chance).toBeCloseTo(chance, 4)
    }
    const precision = measures.find(({ id }) => id === 'mAP')
    expect(precision?.value).toBeCloseTo(expected?.meanAveragePrecision ?? Number.NaN, 4)
  }
})

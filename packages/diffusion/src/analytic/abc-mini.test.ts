import { join } from 'node:path'
import { openEncoder } from '@assay/embed'
import { openMatrixFile } from '@assay/store'
import { createEngine } from '@assay/tensor'
import { abcMini, bank as bankFolder, tinyClip } from '@assay/tiny-world'
import { afterAll, describe, expect, it } from 'vitest'
import {
  card,
  type Exemplar,
  exemplars,
  openAtlas,
  type SplitModel,
  type Synth,
  sha256Of,
  splits,
  synth,
  type Tuned,
  totalBytes,
  tuned,
} from './__fixtures__/abc-mini-set.js'
import { drawn } from './__fixtures__/drawn.js'
import { createComposer } from './create-composer.js'
import { extendPictureBank } from './extend-picture-bank.js'
import { meanSquareDifference } from './mean-square-difference.js'
import { readPictureBank } from './read-picture-bank.js'

const engine = createEngine({ threads: 1 })
const encoder = await openEncoder({ folder: tinyClip, engine })
afterAll(async () => {
  await encoder.close()
  await engine.close()
})
const { text, image } = encoder
if (text === null || image === null) throw new TypeError('the tiny CLIP lacks a tower')

const bank = await readPictureBank(bankFolder)
const synthById = new Map(synth.map((row) => [row.id, row]))
const pictureById = new Map<string, Tuned>([...synth, ...tuned].map((row) => [row.id, row]))
const exemplarRow = new Map(exemplars.map(({ id }, row) => [id, row]))
const models = [...splits.values()].flat()

const splitModels = (split: string): SplitModel[] =>
  [...splits].filter(([name]) => name.startsWith(`${split}_`)).flatMap(([, list]) => [...list])
const picturesOf = ({ synth: byType }: SplitModel): Tuned[] =>
  Object.values(byType)
    .flat()
    .map((id) => pictureById.get(id) as Tuned)
const modelOf = (id: string): SplitModel => models.find(({ model }) => model === id) as SplitModel
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

describe('AbC-mini', () => {
  it('is the files that its card names, in 12 MB', () => {
    for (const [file, hash] of Object.entries(card.files)) expect(sha256Of(file)).toBe(hash)
    expect(totalBytes()).toBeLessThanOrEqual(12e6)
    expect(card.composer.bank).toBe(bank.fingerprint)
  })

  it('holds as many models, exemplars and pictures as the issue asks for', () => {
    const sizeOf = (name: string) => splits.get(name)?.length ?? 0
    const ofSplit = (split: string) => sizeOf(`${split}_object`) + sizeOf(`${split}_style`)
    expect([ofSplit('train'), ofSplit('val'), ofSplit('test')]).toEqual([140, 30, 30])
    for (const size of [1, 5, 20, 50]) {
      const sets = splits.get(`test_set_${size}`) ?? []
      expect(sets.length).toBeGreaterThanOrEqual(10)
      for (const { exemplar } of sets) expect(exemplar).toHaveLength(size)
    }
    expect(card.counts.tunedModels).toBeGreaterThanOrEqual(20)
    for (const model of models) {
      expect(Object.keys(model.synth)).toHaveLength(2)
      expect(picturesOf(model).length).toBeGreaterThanOrEqual(8)
    }
    const { counts } = card
    const told = [counts.exemplars, counts.synth, counts.tuned]
    expect([exemplars.length, synth.length, tuned.length]).toEqual(told)
  })

  it('gives every exemplar a licence and a source, and takes none of the bank', () => {
    const known = new Set(bank.captions.map(({ id }) => id))
    for (const { id, licence, source } of exemplars) {
      expect(known.has(id)).toBe(false)
      expect(['Apache-2.0', 'CC-BY-4.0', 'MIT', 'public-domain']).toContain(licence)
      expect(source).not.toBe('')
    }
  })

  it('has no exemplar, picture or prompt in two of training, validation and test', () => {
    const partsOf = (models_: readonly SplitModel[]) => [
      new Set(models_.flatMap(({ exemplar }) => exemplar)),
      new Set(models_.flatMap((model) => picturesOf(model).map(({ id }) => id))),
      new Set(models_.flatMap((model) => picturesOf(model).map(({ prompt }) => prompt))),
    ]
    const parts = ['train', 'val', 'test'].map((split) => partsOf(splitModels(split)))
    for (const [one, other] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      for (const kind of [0, 1, 2]) {
        const common = [...(parts[one]?.[kind] ?? [])].filter((value) =>
          parts[other]?.[kind]?.has(value),
        )
        expect(common).toEqual([])
      }
    }
  })

  it('tells shares in [0, 1] of pictures that the model had', () => {
    const known = new Set(bank.captions.map(({ id }) => id))
    for (const { model, shares, exemplarShare } of synth) {
      const own = new Set(modelOf(model).exemplar)
      for (const [id, share] of shares) {
        expect(known.has(id) || own.has(id)).toBe(true)
        expect(share >= 0 && share <= 1).toBe(true)
      }
      expect(sumOf(shares.map(([, share]) => share))).toBeLessThanOrEqual(1.001)
      const ofOwn = sumOf(shares.filter(([id]) => own.has(id)).map(([, share]) => share))
      expect(Math.abs(ofOwn - exemplarShare)).toBeLessThan(0.001)
    }
  })

  it('has shares that are neither all nor nothing', () => {
    const shares = synth.map(({ exemplarShare }) => exemplarShare).sort((a, b) => a - b)
    const median = shares[Math.floor(shares.length / 2)] ?? 0
    expect(median).toBeGreaterThan(0.2)
    expect(median).toBeLessThan(0.8)
  })

  it('names the pictures of the pool that show the same', () => {
    for (const { id, poolNearDuplicates, poolSameConcept } of exemplars) {
      for (const row of [...poolNearDuplicates, ...poolSameConcept]) {
        expect(bank.captions[row], id).toBeDefined()
      }
    }
    expect(exemplars.some(({ poolNearDuplicates }) => poolNearDuplicates.length > 0)).toBe(true)
  })

  it.each(Object.entries({ exemplars, synth, tuned }))(
    'holds the embeddings of %s',
    async (part, lines) => {
      const ids = lines.map(({ id }) => id)
      const tile = await openAtlas(`${part}.webp`)
      const file = await openMatrixFile(join(abcMini, `${part}.safetensors`))
      expect([file.normalized, file.fingerprint]).toEqual([true, image.fingerprint])
      expect(file.fingerprint).toBe(card.encoder.fingerprint)
      const { data, columns, ids: rowIds } = await file.read()
      expect(rowIds).toEqual(ids)
      const rows = [...ids.keys()].filter((row) => row % 97 === 0)
      for (const row of rows) {
        const { embeddings } = await image.embedImages([{ id: 'again', source: tile(row) }])
        for (const [at, value] of embeddings.data.entries()) {
          const kept = data[row * columns + at] ?? Number.NaN
          expect(Math.abs(kept - value)).toBeLessThan(1e-4 + Math.abs(value) * 2 ** -10)
        }
      }
      await file.close()
    },
  )

  it('holds an embedding of every picture of the bank', async () => {
    const file = await openMatrixFile(join(abcMini, 'pool.safetensors'))
    const { ids } = await file.read()
    expect(ids).toEqual(bank.captions.map(({ id }) => id))
    await file.close()
  })
})

const redrawn = [
  ...['composer/object-001/0', 'composer/object-150/9', 'composer/style-003/8'],
  ...['composer/style-037/0', 'composer/set-5-002/4', 'composer/set-50-001/1'],
]

describe.each(redrawn)('%s of AbC-mini', (id) => {
  it('is drawn again to the bit, with its shares and what it would be without its exemplars', async () => {
    const {
      model,
      prompt,
      seed,
      weight = 0,
      exemplarShare,
      counterfactuals = [],
    } = synthById.get(id) as Synth
    const tile = await openAtlas('exemplars.webp')
    const { exemplar: own, composedOf } = modelOf(model)
    const pictures = own.map((one) => {
      const row = exemplarRow.get(one) as number
      const { caption, style } = exemplars[row] as Exemplar
      return { id: one, caption, ...(style !== null && { style }), image: tile(row) }
    })
    const composer = createComposer({
      bank: await extendPictureBank(bank, { pictures, textEncoder: text }),
      textEncoder: text,
      pictures: composedOf,
      weights: new Map(own.map((one) => [one, weight])),
    })
    const [picture] = await drawn(composer, { prompt, seed })
    const kept = (await openAtlas('synth.webp'))(synth.findIndex((row) => row.id === id))
    expect(picture?.image.data).toEqual(kept.data)
    const shares = picture?.attribution.shares.filter((share) => own.includes(share.id)) ?? []
    expect(sumOf(shares.map(({ share }) => share))).toBeCloseTo(exemplarShare, 3)
    for (const { left, meanSquareChange } of counterfactuals) {
      const without = composer.without(left === 'exemplars' ? own : [left])
      const [other] = await drawn(without, { prompt, seed })
      const change = other && meanSquareDifference(kept, other.image)
      expect(change).toBeCloseTo(meanSquareChange, 4)
    }
  })
})

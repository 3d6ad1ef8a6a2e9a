import { createMatrix, createRandom, type ImageEncoder, type RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { squareAttack } from '../attacks/black-box/square-attack.js'
import { toFloatImage, toRgbImage } from '../attacks/pixels/float-image.js'
import { evaluateFilter } from '../evaluation/evaluate-filter.js'
import { knownTruth } from '../evaluation/judgement.js'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { attackScore } from './attack-score.js'
import { conceptEmbeddingFilter } from './concept-embedding-filter.js'
import { encodedFilter } from './encoded-filter.js'
import { laionViolence, q16 } from './learned-prompts-filter.js'
import { linearHeadsFilter } from './linear-heads-filter.js'
import type { EmbeddingFilter } from './picture-filter.js'
import { scoringFilter } from './scoring-filter.js'
import { sdSafetyChecker } from './sd-safety-checker.js'
import { unsafeDiffusion } from './unsafe-diffusion.js'

// Every filter sees 4 x 4 pictures through one linear encoder of 8 dimensions, with weights of its own.
const [side, columns] = [4, 8]
const { normal, integer } = createRandom('peers')
const draw = (rows: number, width = columns) =>
  createMatrix({ data: Float32Array.from({ length: rows * width }, normal), columns: width })
const vector = (length: number) => Array.from({ length }, normal)
const map = draw(columns, side * side * 3)

const encoder: ImageEncoder = {
  ...{ specificationVersion: 1, id: 'linear', dimensions: columns, space: 'linear' },
  fingerprint: 'linear',
  embedImages: async (images) => ({
    embeddings: createMatrix({
      data: images.map(({ source }) => embed(source as RgbImage)),
      ids: images.map(({ id }) => id),
      fingerprint: 'linear',
    }),
    failures: [],
  }),
}

const embed = ({ data }: RgbImage) =>
  Array.from({ length: columns }, (_, row) =>
    data.reduce(
      (sum, value, at) => sum + (value / 255 - 0.5) * map.data[row * data.length + at]!,
      0,
    ),
  )

const head = (name: string) => ({
  ...{ name, hidden: draw(5), hiddenBias: vector(5) },
  normalization: { scale: vector(5), shift: vector(5), mean: vector(5), variance: [1, 1, 1, 1, 1] },
  ...{ output: vector(5), outputBias: -1 },
})
const words = () => ({ prompts: ['words'], embeddings: draw(1) })
const checker = (variant: 'torch' | 'onnx') =>
  sdSafetyChecker({
    ...{ concepts: draw(3), thresholds: [0.2, 0.3, 0.4], variant },
    ...{ special: draw(1), specialThresholds: [0.5] },
  })

const filters: readonly EmbeddingFilter[] = [
  checker('torch'),
  checker('onnx'),
  q16(draw(2)),
  laionViolence(draw(2)),
  unsafeDiffusion([head('one'), head('other')]),
  linearHeadsFilter({ id: 'heads', heads: [{ name: 'head', weights: vector(columns), bias: 0 }] }),
  conceptEmbeddingFilter(
    'espresso',
    createConceptFilter({
      pairs: [
        createConceptPair({
          ...{ id: 'pair', relation: 'opposite' },
          ...{ unacceptable: words(), acceptable: words() },
        }),
      ],
    }),
  ),
]
const score = scoringFilter({
  ...{ id: 'red', threshold: 128 },
  score: ({ source }) => (source as RgbImage).data[0] ?? 0,
})
const all = [...filters.map((filter) => encodedFilter(filter, encoder)), score]

const pictures = Array.from({ length: 60 }, (_, at) => ({
  id: String(at),
  source: {
    ...{ width: side, height: side },
    data: Uint8Array.from({ length: side * side * 3 }, () => integer(256)),
  },
}))
const isBad = (at: number) => at % 2 === 0

describe.each(all.map((filter, at) => [`${filter.id} (${at})`, filter] as const))(
  '%s',
  (_, filter) => {
    it('is evaluated as every filter is', async () => {
      const { decisions } = await filter.check(pictures)
      const of = (bad: boolean) => ({
        flagged: decisions.flatMap(({ flagged }, at) => (isBad(at) === bad ? [flagged] : [])),
        truth: knownTruth(
          'labels',
          pictures.flatMap((_, at) => (isBad(at) === bad ? [bad] : [])),
        ),
      })
      const [unacceptable, acceptable] = [of(true), of(false)]
      const { measures } = evaluateFilter({ filter, unacceptable, acceptable })
      const value = (id: string) => measures.find((measure) => measure.id === id)
      const missed = unacceptable.flagged.filter((flagged) => !flagged).length / 30
      expect(value('false-negative-rate')).toMatchObject({ value: missed, n: 30 })
      const alarms = acceptable.flagged.filter((flagged) => flagged).length / 30
      expect(value('false-positive-rate')?.value).toBeCloseTo(alarms, 12)
      expect(value('false-positive-rate')?.interval).not.toBeNull()
    })

    it('is attacked as every filter is, within the budget', async () => {
      const { decisions } = await filter.check(pictures)
      const excess = decisions.map(({ flagged, score: of, threshold }) =>
        flagged ? of - threshold : Number.POSITIVE_INFINITY,
      )
      const nearest = excess.indexOf(Math.min(...excess))
      const picture = toFloatImage(pictures[nearest]!.source)
      const attack = { picture, norm: 'linf', radius: 1, budget: 300, seed: 1 } as const
      const result = await squareAttack({ ...attack, score: attackScore(filter), eightBit: true })
      expect(result.flagged).toBe(true)
      expect(result.queries).toBeLessThanOrEqual(300)
      expect(result.success).toBe(true)
      const source = toRgbImage({ ...picture, data: result.changed! })
      const [again] = (await filter.check([{ id: 'attacked', source }])).decisions
      expect(again?.flagged).toBe(false)
    })
  },
)

import { describe, expect, it } from 'vitest'
import {
  styleTestBlock,
  testBlock,
  type WorldBlock,
  worldMatrix,
  worldPool,
} from '../__fixtures__/synthetic-world.js'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { evaluateExemplars } from './evaluate-exemplars.js'
import type { ExemplarEvaluation } from './exemplar-evaluation.js'

const pool = featuresFromMatrix(worldMatrix(worldPool()))

const testOf = (block: WorldBlock) => ({
  pool,
  exemplars: featuresFromMatrix(worldMatrix(block.exemplars)),
  queries: featuresFromMatrix(worldMatrix(block.queries)),
  models: Array.from({ length: block.models }, (_, model) => ({
    id: `model ${model}`,
    exemplars: Array.from(
      { length: block.exemplarsPerModel },
      (_, at) => model * block.exemplarsPerModel + at,
    ),
    queries: {
      any: Array.from(
        { length: block.queriesPerModel },
        (_, at) => model * block.queriesPerModel + at,
      ),
    },
  })),
})

const measuresOf = ({ table }: ExemplarEvaluation) =>
  new Map(table[0]?.measures.map((measure) => [measure.id, measure]))

describe('evaluateExemplars on the synthetic world', () => {
  it('finds the ranks and figures of the reference with one exemplar', async () => {
    const evaluation = await evaluateExemplars(testOf(testBlock()))
    const ranksOf = (model: number) =>
      evaluation.queries
        .filter((query) => query.model === `model ${model}`)
        .flatMap(({ ranks }) => ranks)
    expect(ranksOf(0)).toEqual([6059, 6451, 11029, 6387, 11144, 3678, 4312, 3452])
    expect(ranksOf(2)).toEqual([586, 1144, 11793, 8956, 1879, 182, 1304, 309])
    const measures = measuresOf(evaluation)
    const reference = { 'recall@5': 0.0303, 'recall@10': 0.0557, 'recall@100': 0.1592, mAP: 0.0266 }
    for (const [id, value] of Object.entries(reference)) {
      expect(measures.get(id)?.value).toBeCloseTo(value, 4)
    }
  })

  it('finds the figures of the reference with six exemplars, below their ceilings', async () => {
    const measures = measuresOf(await evaluateExemplars(testOf(styleTestBlock())))
    const reference = { 'recall@5': 0.0319, 'recall@10': 0.0547, 'recall@100': 0.1882, mAP: 0.0395 }
    for (const [id, value] of Object.entries(reference)) {
      expect(measures.get(id)?.value).toBeCloseTo(value, 4)
    }
    expect(measures.get('recall@5')?.ceiling).toBeCloseTo(5 / 6, 14)
    expect(measures.get('recall@10')?.ceiling).toBe(1)
    expect(measures.get('recall@10')?.chance).toBeCloseTo(10 / 20_006, 14)
    expect(measures.get('mAP')?.interval?.method).toBe('clustered mean, t')
  })
})

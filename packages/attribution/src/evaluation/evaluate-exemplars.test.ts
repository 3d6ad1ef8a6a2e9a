import { createMatrix, type Matrix } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { mulberry32 } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import {
  styleTestBlock,
  testBlock,
  type WorldBlock,
  worldMatrix,
  worldPool,
} from '../__fixtures__/synthetic-world.js'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { applyHead } from '../head/apply-head.js'
import { createAttributionHead } from '../head/create-attribution-head.js'
import type { FeatureMap } from '../head/feature-map.js'
import { evaluateExemplars } from './evaluate-exemplars.js'
import type { ExemplarEvaluation } from './exemplar-evaluation.js'
import { findDuplicateRows } from './find-duplicate-rows.js'
import type { RowProduct } from './row-product.js'
import type { TunedModel } from './tuned-model.js'

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

const failsWith = (code: string) => expect.objectContaining({ code })

/** A small test of random vectors, of which some stand twice. */
function smallTest(seed: number, columns = 4) {
  const { normal } = mulberry32(seed)
  const matrix = (rows: number, prefix: string, values = normal) =>
    createMatrix({
      data: Float32Array.from({ length: rows * columns }, values),
      columns,
      ids: Array.from({ length: rows }, (_, row) => `${prefix}${row}`),
    })
  // Whole numbers of few values, so that many pictures are alike to the last bit.
  const coarse = () => Math.max(-1, Math.min(1, Math.round(normal()))) || 0.5
  const parts = {
    pool: matrix(40, 'p', coarse),
    exemplars: matrix(5, 'e', coarse),
    queries: matrix(6, 'q'),
  }
  const models: TunedModel[] = [
    { id: 'a', exemplars: ['e0', 'e1', 'e2'], queries: { gpt: ['q0', 'q1'], media: ['q2'] } },
    { id: 'b', exemplars: ['e3', 'e4'], queries: { gpt: [3], media: [4, 5] }, split: 'unseen' },
  ]
  return { parts, models }
}

const sourcesOf = ({
  pool,
  exemplars,
  queries,
}: Record<'pool' | 'exemplars' | 'queries', Matrix>) => ({
  pool: featuresFromMatrix(pool),
  exemplars: featuresFromMatrix(exemplars),
  queries: featuresFromMatrix(queries),
})

/** Ranks by a full stable sort, exemplars behind others of their score. */
function sortedRanks(query: number, exemplars: readonly number[], parts: Record<string, Matrix>) {
  const unit = Object.fromEntries(
    Object.entries(parts).map(([name, matrix]) => [name, normalizeRows(matrix)]),
  ) as Record<'pool' | 'exemplars' | 'queries', Matrix>
  const cosine = (matrix: Matrix, row: number) => {
    let sum = 0
    for (let at = 0; at < matrix.columns; at++) {
      sum +=
        unit.queries.data[query * matrix.columns + at]! * matrix.data[row * matrix.columns + at]!
    }
    return sum
  }
  const items = [
    ...Array.from({ length: unit.pool.rows }, (_, row) => ({
      score: cosine(unit.pool, row),
      own: false,
    })),
    ...exemplars.map((row) => ({ score: cosine(unit.exemplars, row), own: true })),
  ]
  items.sort((a, b) => b.score - a.score)
  return items.flatMap(({ own }, at) => (own ? [at + 1] : []))
}

/** What an engine gives: float32 sums, with errors up to what is allowed. */
const roughProduct =
  (seed: number): RowProduct =>
  async (queries, others) => {
    const { uniform } = mulberry32(seed)
    const products = new Float32Array(queries.rows * others.rows)
    for (let query = 0; query < queries.rows; query++) {
      for (let other = 0; other < others.rows; other++) {
        let sum = 0
        for (let at = 0; at < queries.columns; at++) {
          sum +=
            queries.data[query * queries.columns + at]! * others.data[other * queries.columns + at]!
        }
        products[query * others.rows + other] =
          sum + ((uniform() - 0.5) * queries.columns) / 2 ** 23
      }
    }
    return products
  }

describe('evaluateExemplars', () => {
  it('ranks as a full stable sort does, ties against the exemplar, whoever multiplies', async () => {
    let ties = 0
    for (let seed = 0; seed < 60; seed++) {
      const { parts, models } = smallTest(seed)
      const options = { ...sourcesOf(parts), models, cutoffs: [5] }
      const { queries } = await evaluateExemplars(options)
      const expected = [0, 1, 2, 3, 4, 5].map((row) =>
        sortedRanks(row, row < 3 ? [0, 1, 2] : [3, 4], parts),
      )
      expect(queries.map(({ ranks }) => ranks)).toEqual(expected)
      const product = roughProduct(seed)
      const other = await evaluateExemplars({ ...options, product })
      expect(other.queries).toEqual(queries)
      const best = await evaluateExemplars({ ...options, ties: 'expected' })
      best.queries.forEach(({ ranks }, query) => {
        ranks.forEach((rank, at) => {
          const worst = queries[query]!.ranks[at]!
          expect(rank).toBeLessThanOrEqual(worst)
          if (rank < worst) ties += 1
        })
      })
    }
    expect(ties).toBeGreaterThan(50)
  })

  it('does not depend on the blocks in which the pool is read', async () => {
    const { parts, models } = smallTest(3)
    const options = { ...sourcesOf(parts), models }
    const { pool } = options
    const small = { ...pool, blocks: () => pool.blocks({ rows: 7 }) }
    const whole = await evaluateExemplars(options)
    expect(await evaluateExemplars({ ...options, pool: small })).toEqual(whole)
  })

  it('makes a row for each split and prompt type, and one for all', async () => {
    const { parts, models } = smallTest(4)
    const { table, poolSize } = await evaluateExemplars({
      ...sourcesOf(parts),
      models,
      cutoffs: [2],
    })
    expect(table.map(({ group, queries }) => [group, queries])).toEqual([
      [{ split: 'all', promptType: 'gpt' }, 2],
      [{ split: 'all', promptType: 'media' }, 1],
      [{ split: 'unseen', promptType: 'gpt' }, 1],
      [{ split: 'unseen', promptType: 'media' }, 2],
      [{}, 6],
    ])
    expect(poolSize).toBe(40)
    const all = table.at(-1)!
    expect(all).toMatchObject({ models: 2, exemplars: { least: 2, mean: 2.5, most: 3 } })
    expect(all.measures.map(({ id }) => id)).toEqual(['recall@2', 'hit@2', 'mAP'])
    // Three queries of a model with three exemplars, three of one with two.
    expect(all.measures[0]!.ceiling).toBeCloseTo((2 / 3 + 1) / 2, 14)
    expect(all.measures[0]!.chance).toBeCloseTo((2 / 43 + 2 / 42) / 2, 14)
    // One model alone has no interval.
    expect(table[0]!.measures[0]).toMatchObject({ interval: null, reason: expect.any(String) })
  })

  it('reaches k / (N + E) where scores say nothing', async () => {
    const { normal } = mulberry32(8)
    const random = (rows: number) =>
      createMatrix({ data: Float32Array.from({ length: rows * 16 }, normal), columns: 16 })
    const models = Array.from({ length: 400 }, (_, model) => ({
      id: String(model),
      exemplars: [2 * model, 2 * model + 1],
      queries: { any: [model] },
    }))
    const parts = { pool: random(98), exemplars: random(800), queries: random(400) }
    const { table, queries } = await evaluateExemplars({
      ...sourcesOf(parts),
      models,
      cutoffs: [10],
    })
    const [recall, hit, precision] = table[0]!.measures
    expect(recall!.chance).toBeCloseTo(0.1, 14)
    for (const { value, chance, interval } of [recall!, hit!, precision!]) {
      // A half-width of the interval is some two standard errors.
      expect(Math.abs(value! - chance)).toBeLessThan(interval!.high - interval!.low)
    }
    const chance = 10 / 100
    const error = Math.sqrt((chance * (1 - chance)) / (2 * queries.length))
    expect(Math.abs(recall!.value! - chance)).toBeLessThan(4 * error)
  })

  it('takes the better of two views of pool and exemplars', async () => {
    const { parts, models } = smallTest(5)
    const turned = (matrix: Matrix) => ({ ...matrix, data: matrix.data.map((value) => -value) })
    const pool = featuresFromMatrix(turned(parts.pool), { mirrored: parts.pool })
    const exemplars = featuresFromMatrix(parts.exemplars, { mirrored: turned(parts.exemplars) })
    const queries = featuresFromMatrix(parts.queries)
    const { queries: found } = await evaluateExemplars({ pool, exemplars, queries, models })
    const swapped = await evaluateExemplars({
      pool: featuresFromMatrix(parts.pool, { mirrored: turned(parts.pool) }),
      ...{ exemplars, queries, models, product: roughProduct(1) },
    })
    expect(found).toEqual(swapped.queries)
    const oneView = await evaluateExemplars({ ...sourcesOf(parts), models })
    expect(found).not.toEqual(oneView.queries)
    await expect(evaluateExemplars({ ...sourcesOf(parts), exemplars, models })).rejects.toThrow(
      failsWith('INVALID_ARGUMENT'),
    )
    await expect(
      evaluateExemplars({ ...sourcesOf(parts), queries: exemplars, models }),
    ).rejects.toThrow(failsWith('INVALID_ARGUMENT'))
  })

  it('leaves exemplars out of the pool, and says how many', async () => {
    const { parts, models } = smallTest(6)
    const { pool, exemplars, queries } = parts
    const columns = pool.columns
    const data = Float32Array.of(...exemplars.data, ...pool.data)
    const ids = [...(exemplars.ids ?? []), ...(pool.ids ?? [])]
    const joined = createMatrix({ data, columns, ids })
    const plain = await evaluateExemplars({ ...sourcesOf(parts), models })
    const found = await evaluateExemplars({
      ...sourcesOf({ pool: joined, exemplars, queries }),
      models,
    })
    expect(found.queries).toEqual(plain.queries)
    expect(found.poolSize).toBe(40)
    expect(found.warnings).toContainEqual(
      expect.objectContaining({ code: 'EXEMPLAR_IN_POOL', count: 5 }),
    )
  })

  it('counts or excludes duplicates of exemplars', async () => {
    const axes = (...rows: number[][]) => createMatrix({ data: rows })
    const query = [1, 0]
    const near = [0.9, Math.sqrt(1 - 0.81)]
    const far = [0.5, Math.sqrt(0.75)]
    // A copy of the exemplar that is nearer than itself, one other above both, one between.
    const sources = sourcesOf({
      pool: axes([0.95, Math.sqrt(1 - 0.9025)], near, [0.7, Math.sqrt(0.51)]),
      exemplars: axes(far),
      queries: axes(query),
    })
    const models = [{ id: 'a', exemplars: [0], queries: { any: [0] } }]
    const rows = [{ exemplar: 0, pool: [1] }]
    const ranksWith = async (treatment: 'exclude' | 'count') => {
      const duplicates = { rows, treatment }
      const { queries } = await evaluateExemplars({ ...sources, models, duplicates })
      return [queries[0]!.ranks, queries[0]!.others]
    }
    const { queries } = await evaluateExemplars({ ...sources, models })
    expect([queries[0]!.ranks, queries[0]!.others]).toEqual([[4], 3])
    expect(await ranksWith('exclude')).toEqual([[3], 2])
    expect(await ranksWith('count')).toEqual([[2], 2])
    const lost = { rows: [{ exemplar: 0, pool: [7] }], treatment: 'count' as const }
    await expect(evaluateExemplars({ ...sources, models, duplicates: lost })).rejects.toThrow(
      failsWith('INVALID_ARGUMENT'),
    )
  })

  it('finds duplicates by cosine', async () => {
    const pool = featuresFromMatrix(
      createMatrix({
        data: [
          [2, 0],
          [0, 3],
          [1, 1],
          [0, 0],
        ],
      }),
    )
    const exemplars = featuresFromMatrix(
      createMatrix({
        data: [
          [0, -1],
          [5, 0],
          [0, 1],
        ],
      }),
    )
    expect(await findDuplicateRows({ pool, exemplars, threshold: 0.7 })).toEqual([
      { exemplar: 1, pool: [0, 2] },
      { exemplar: 2, pool: [1, 2] },
    ])
    await expect(findDuplicateRows({ pool, exemplars, threshold: 1.5 })).rejects.toThrow(
      failsWith('INVALID_ARGUMENT'),
    )
  })

  it('applies each side of a head to its own pictures, and is unchanged by one of identities', async () => {
    const { parts, models } = smallTest(7)
    const identity = new Float64Array(16).map((_, at) => Number(at % 5 === 0))
    const bias = new Float64Array(4)
    const linear = (weight: Float64Array): FeatureMap => ({
      ...{ form: 'linear', columns: 4, outputColumns: 4, weight, bias },
    })
    const expects = { columns: 4, normalized: false, fingerprint: null }
    const options = { ...sourcesOf(parts), models }
    const plain = await evaluateExemplars(options)
    const same = await createAttributionHead({
      real: linear(identity),
      synthetic: linear(identity),
      expects,
    })
    expect(await evaluateExemplars({ ...options, head: same })).toEqual(plain)
    const turned = linear(identity.map((value) => -value))
    const head = await createAttributionHead({ real: turned, synthetic: linear(identity), expects })
    const turnedParts = {
      ...parts,
      queries: { ...parts.queries, data: parts.queries.data.map((value) => -value) },
    }
    const other = await evaluateExemplars({ ...sourcesOf(turnedParts), models })
    const found = await evaluateExemplars({ ...options, head })
    expect(found.queries.map(({ ranks }) => ranks)).toEqual(other.queries.map(({ ranks }) => ranks))
    expect(found.queries).not.toEqual(plain.queries)
    // Features that the head has mapped before are taken as they are, those of the wrong side refused.
    const mapped = {
      pool: applyHead({ head, side: 'real', features: parts.pool }),
      exemplars: applyHead({ head, side: 'real', features: parts.exemplars }),
      queries: applyHead({ head, side: 'synthetic', features: parts.queries }),
    }
    expect(await evaluateExemplars({ ...sourcesOf(mapped), models, head })).toEqual(found)
    const half = { ...options, pool: featuresFromMatrix(mapped.pool), head }
    expect(await evaluateExemplars(half)).toEqual(found)
    const wrong = [
      { ...options, pool: featuresFromMatrix(mapped.queries), head },
      { ...half, head: null },
      { ...sourcesOf(mapped), models },
    ]
    for (const given of wrong) {
      await expect(evaluateExemplars(given)).rejects.toThrow(failsWith('FINGERPRINT_MISMATCH'))
    }
  })

  it('counts rows without direction, and cutoffs that are no test', async () => {
    const { parts, models } = smallTest(9)
    const pool = { ...parts.pool, data: parts.pool.data.map((value, at) => (at < 8 ? 0 : value)) }
    const { warnings } = await evaluateExemplars({
      ...{ ...sourcesOf({ ...parts, pool }), models, cutoffs: [100] },
    })
    expect(warnings.map(({ code, count }) => [code, count])).toEqual([
      ['ZERO_VECTOR', 2],
      ['CUTOFF_BEYOND_POOL', 6],
    ])
  })

  it('refuses inputs that do not fit', async () => {
    const { parts, models } = smallTest(10)
    const options = { ...sourcesOf(parts), models }
    const [a, b] = models as [TunedModel, TunedModel]
    const space = { ...parts.queries, fingerprint: 'other' }
    const wrong: [Partial<typeof options> & { cutoffs?: number[] }, string][] = [
      [{ models: [] }, 'EMPTY_INPUT'],
      [{ models: [{ ...a, exemplars: [] }] }, 'EMPTY_INPUT'],
      [{ models: [{ ...a, queries: {} }] }, 'EMPTY_INPUT'],
      [{ models: [a, { ...b, id: 'a' }] }, 'DUPLICATE_ID'],
      [{ models: [{ ...a, exemplars: ['e0', 0] }] }, 'DUPLICATE_ID'],
      [{ models: [a, { ...b, queries: { gpt: ['q0'] } }] }, 'DUPLICATE_ID'],
      [{ models: [{ ...a, exemplars: ['e9'] }] }, 'INVALID_ARGUMENT'],
      [{ models: [{ ...a, queries: { gpt: [6] } }] }, 'INVALID_ARGUMENT'],
      [{ cutoffs: [] }, 'INVALID_ARGUMENT'],
      [{ cutoffs: [0] }, 'INVALID_ARGUMENT'],
      [
        {
          queries: featuresFromMatrix(space),
          pool: featuresFromMatrix({ ...parts.pool, fingerprint: 'one' }),
        },
        'FINGERPRINT_MISMATCH',
      ],
      [{ pool: featuresFromMatrix(smallTest(1, 5).parts.pool) }, 'SHAPE_MISMATCH'],
    ]
    for (const [part, code] of wrong) {
      await expect(evaluateExemplars({ ...options, ...part })).rejects.toThrow(failsWith(code))
    }
    const aborted = AbortSignal.abort()
    await expect(evaluateExemplars({ ...options, signal: aborted })).rejects.toThrow(
      failsWith('ABORTED'),
    )
  })
})

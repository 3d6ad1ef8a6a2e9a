import { createRandom } from '@assay/core'
import { spearman } from '@assay/core/statistics'
import { describe, expect, it, vi } from 'vitest'
import { modelOf, setOf } from './__fixtures__/gradient-sets.js'
import { dTrakScores } from './d-trak-scores.js'
import type { ScoreMatrix } from './score-matrix.js'
import { lambdaGrid, selectLambda } from './select-lambda.js'

const random = createRandom(21)
const normals = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()))
const train = normals(30, 6)
const query = normals(4, 6)
const model = modelOf(train, query, { query: setOf(query, ['v0', 'v1', 'v2', 'v3']) })

const rowOf = (scores: ScoreMatrix, row: number) => [
  ...scores.data.subarray(row * scores.columns, (row + 1) * scores.columns),
]

describe('lambdaGrid', () => {
  it('has the 27 values of DAS', () => {
    expect(lambdaGrid).toHaveLength(27)
    expect(lambdaGrid.slice(0, 4)).toEqual([0.01, 0.02, 0.05, 0.1])
    expect(lambdaGrid.slice(-3)).toEqual([1e6, 2e6, 5e6])
  })
})

describe('selectLambda', () => {
  it('finds the lambda whose scores the truth was made with', async () => {
    const { scores: truth } = await dTrakScores({ models: [model], lambda: 20 })
    const measure = (scores: ScoreMatrix, row: number) =>
      spearman(rowOf(scores, row), rowOf(truth, row))
    const choice = await selectLambda({ models: [model], method: 'd-trak', measure })
    expect(choice).toMatchObject({ lambda: 20, atEdge: false })
    expect(choice.trials.map(({ lambda }) => lambda)).toEqual(lambdaGrid)
    const best = choice.trials.find(({ lambda }) => lambda === 20)
    expect(best).toMatchObject({ n: 4, missing: 0, failure: null })
    expect(best?.mean).toBeCloseTo(1, 12)
  })

  it('reads the training gradients no more often than for one lambda', async () => {
    const rows = setOf(train).rows
    const subarray = vi.fn()
    const counted = {
      ...rows,
      get data() {
        subarray()
        return 'data' in rows ? rows.data : new Float64Array()
      },
    }
    const models = [{ ...model, train: { rows: counted as typeof rows, projection: null } }]
    const gramReads = async (lambdas: number[]) => {
      subarray.mockClear()
      await selectLambda({ models, method: 'd-trak', lambdas, measure: () => 1, form: 'primal' })
      return subarray.mock.calls.length
    }
    const [one, three] = [await gramReads([1]), await gramReads([1, 2, 3])]
    // One reading for the Gram matrix, and one a lambda for its scores.
    expect(one).toBe(2)
    expect(three).toBe(4)
  })

  it('takes the largest of equally good values, and says when the best lies at an edge', async () => {
    const options = { models: [model], method: 'd-trak', lambdas: [5, 1, 3] } as const
    const flat = await selectLambda({ ...options, measure: () => 0.5 })
    expect(flat).toMatchObject({ lambda: 5, atEdge: true })
  })

  it('counts queries without a measure, and lambdas without scores', async () => {
    const dependent = modelOf(
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    )
    const options = { models: [dependent], method: 'd-trak', lambdas: [0, 1] } as const
    const measure = (_: ScoreMatrix, row: number) => (row === 0 ? 1 : null)
    expect((await selectLambda({ ...options, measure })).trials).toEqual([
      { lambda: 0, mean: null, n: 0, missing: 2, failure: 'NOT_POSITIVE_DEFINITE' },
      { lambda: 1, mean: 1, n: 1, missing: 1, failure: null },
    ])
    await expect(selectLambda({ ...options, measure: () => null })).rejects.toMatchObject({
      code: 'EMPTY_INPUT',
    })
  })

  it('chooses for TRAK and DAS as well, by their own scores', async () => {
    const residuals = train.map(() => 2)
    const models = [{ ...model, outputToLoss: train.map(() => 3), residuals }]
    const seen: number[] = []
    const measure = (scores: ScoreMatrix) => {
      seen.push(scores.data[0]!)
      return 1
    }
    for (const method of ['d-trak', 'trak', 'das'] as const) {
      await selectLambda({ models, method, lambdas: [1], measure, das: { squared: false } })
    }
    const kernel = seen[0]!
    expect(seen[4]).toBeCloseTo(3 * kernel, 14)
    expect(seen[8]).toBeCloseTo(2 * kernel, 14)
  })

  it('refuses queries that results will be reported on', async () => {
    const options = { models: [model], method: 'd-trak', measure: () => 1, lambdas: [1] } as const
    await expect(selectLambda({ ...options, reportedIds: ['t0', 'v2'] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      value: 'v2',
    })
    await expect(selectLambda({ ...options, reportedIds: ['t0'] })).resolves.toBeDefined()
    const nameless = [modelOf(train, query)]
    await expect(
      selectLambda({ ...options, models: nameless, reportedIds: ['t0'] }),
    ).rejects.toThrow(/no ids/)
  })
})

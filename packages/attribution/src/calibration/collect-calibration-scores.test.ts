import { createMatrix } from '@assay/core'
import { bruteForceIndex } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { featureMapping } from '../scores/unit-rows.js'
import { collectCalibrationScores } from './collect-calibration-scores.js'

/** A unit vector at an angle, in degrees: its cosine with the query at 0 is plain. */
const at = (degrees: number) => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
]
const cosines = (...degrees: number[]) => degrees.map((angle) => Math.cos((angle * Math.PI) / 180))

describe('collectCalibrationScores', () => {
  const exemplars = featuresFromMatrix(
    createMatrix({ data: [at(10), at(20), at(95)], ids: ['e1', 'e2', 'e3'] }),
  )
  // Two of the exemplars are in the pool as well.
  const poolMatrix = createMatrix({
    data: [at(5), at(10), at(30), at(40), at(95), at(80)],
    ids: ['near', 'e1', 'p30', 'p40', 'e3', 'p80'],
  })
  const queries = featuresFromMatrix(
    createMatrix({ data: [at(90), [0, 0], at(0)], ids: ['q90', 'dark', 'q0'] }),
  )
  const models = [
    { id: 'a', exemplars: ['e1', 'e2'], queries: { gpt: ['q0', 'dark'] } },
    { id: 'b', exemplars: ['e3'], queries: { gpt: ['q90'] }, cluster: 'animals' },
  ]
  const unit = featureMapping(null, 'real')

  it.each([
    ['features', featuresFromMatrix(poolMatrix)],
    ['an index', bruteForceIndex(unit(poolMatrix), 'inner-product')],
  ])('scores own exemplars and the best of the others, over %s', async (_, pool) => {
    const options = { models, exemplars, queries, pool }
    const collected = await collectCalibrationScores({ ...options, others: 2 })
    const [first, second] = collected.queries
    const close = (scores: ArrayLike<number>, expected: number[]) => {
      expect(scores).toHaveLength(expected.length)
      // Of float32 vectors.
      expected.forEach((value, place) => {
        expect(scores[place]).toBeCloseTo(value, 6)
      })
    }
    expect(collected.queries).toHaveLength(2)
    close(first!.exemplars, cosines(10, 20))
    close(first!.others, cosines(5, 30))
    close(second!.exemplars, cosines(5))
    close(second!.others, cosines(10, 50))
    expect(collected.clusters).toEqual(['a', 'animals'])
    expect(collected.failures).toMatchObject([{ id: 'dark', code: 'ZERO_VECTOR' }])
    const all = await collectCalibrationScores(options)
    expect(all.queries[0]!.others).toHaveLength(4)
  })

  it('does not take row numbers for ids', async () => {
    const numbered = featuresFromMatrix(
      createMatrix({ data: [at(10), at(20), at(95)], ids: ['0', '1', '2'] }),
    )
    const [model] = models
    const { queries: scored } = await collectCalibrationScores({
      models: [{ ...model!, exemplars: ['0'] }],
      exemplars: numbered,
      queries,
      pool: featuresFromMatrix({ ...poolMatrix, ids: null }),
    })
    expect(scored[0]!.others).toHaveLength(6)
  })

  it('refuses exemplars and queries of two spaces, and what is not there', async () => {
    const options = { models, exemplars, queries, pool: featuresFromMatrix(poolMatrix) }
    const elsewhere = { ...exemplars, fingerprint: 'one' }
    const other = { ...queries, fingerprint: 'another' }
    await expect(
      collectCalibrationScores({ ...options, exemplars: elsewhere, queries: other }),
    ).rejects.toMatchObject({ code: 'FINGERPRINT_MISMATCH' })
    const unknown = [{ ...models[0]!, exemplars: ['e9'] }]
    await expect(collectCalibrationScores({ ...options, models: unknown })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    await expect(collectCalibrationScores({ ...options, others: 0.5 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})

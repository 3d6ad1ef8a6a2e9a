import { describe, expect, it } from 'vitest'
import { expectNear } from '../__fixtures__/gradient-sets.js'
import { teacherAgreement } from './teacher-agreement.js'
import oracle from './teacher-agreement.oracle.json' with { type: 'json' }

const matrixOf = (rows: readonly (readonly number[])[]) => ({
  data: Float64Array.from(rows.flat()),
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  queryIds: null,
  trainIds: null,
})
const scores = matrixOf(oracle.scores)
const { rankings } = oracle

describe('teacherAgreement', () => {
  it.each(Object.entries(oracle.results))('is the mAP(%s) of scikit-learn', (k, expected) => {
    const agreement = teacherAgreement({ scores, rankings, k: Number(k) })
    expectNear(agreement.perQuery, expected.perQuery, 1e-14)
    expect(agreement.mean).toBeCloseTo(expected.mean, 14)
    expect(agreement.standardError).toBeCloseTo(expected.standardError, 14)
  })

  it('places ties against the pupil, and tells what chance reaches', () => {
    const flat = matrixOf([[1, 1, 1, 1]])
    const agreement = teacherAgreement({ scores: flat, rankings: [[0, 1]], k: 1 })
    expect(agreement).toMatchObject({ mean: 0.25, perQuery: [0.25], standardError: null })
    expect(agreement.chance).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4, 14)
  })

  it('refuses rankings that are none, and a k beyond them', () => {
    const fails = (options: object, code: string) =>
      expect(() => teacherAgreement({ scores, rankings, k: 1, ...options })).toThrow(
        expect.objectContaining({ code }),
      )
    for (const k of [0, 21, 1.5, Number.NaN]) fails({ k }, 'INVALID_ARGUMENT')
    fails({ rankings: rankings.slice(1) }, 'SHAPE_MISMATCH')
    fails({ rankings: [], scores: matrixOf([]) }, 'EMPTY_INPUT')
    for (const bad of [
      [1, 1],
      [0, 40],
      [0, -1],
      [0, 0.5],
    ]) {
      fails(
        { scores: matrixOf([oracle.scores[0] ?? []]), rankings: [bad], k: 2 },
        'INVALID_ARGUMENT',
      )
    }
    const broken = matrixOf([[1, Number.NaN, 2]])
    fails({ scores: broken, rankings: [[0]] }, 'NOT_FINITE')
  })
})

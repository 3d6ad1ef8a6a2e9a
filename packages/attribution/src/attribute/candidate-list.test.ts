import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { influenceWeight } from '../influence/influence-weight.js'
import { CandidateList } from './candidate-list.js'

describe('CandidateList', () => {
  const { uniform } = createRandom(3)
  const scores = Array.from({ length: 20_000 }, () => Math.round(2000 * uniform()) / 2000)

  function takeFrom(
    order: readonly number[],
    k: number,
    form: ConstructorParameters<typeof CandidateList>[1],
  ) {
    const list = new CandidateList(k, form)
    for (const row of order) list.offer(scores[row]!, row)
    return list.take()
  }

  it.each([
    [1, 300, -0.5],
    [10, 50, -0.05],
    [2000, 300, -0.5],
    [3, 1, -0.99],
  ])('keeps the %d best and what has influence at t = %d, b = %d, in any order', (k, t, b) => {
    const form = { inverseTemperature: t, bias: b }
    const least = scores.toSorted((one, other) => other - one)[k - 1]!
    const best = Math.max(...scores)
    const belongs = (score: number) => score >= least || influenceWeight(score, best, form) > 0
    const expected = [...scores.keys()].filter((row) => belongs(scores[row]!))
    const rows = [...scores.keys()]
    const ascending = rows.toSorted((one, other) => scores[one]! - scores[other]!)
    for (const order of [rows, ascending, ascending.toReversed()]) {
      const taken = takeFrom(order, k, form)
      expect(taken.rows.toSorted((one, other) => one - other)).toEqual(expected)
      expect(Array.from(taken.scores)).toEqual(taken.rows.map((row) => scores[row]))
    }
  })

  it('keeps all where the bias leaves influence to all, and no more than ties without one', () => {
    const rows = [...scores.keys()]
    expect(takeFrom(rows, 5, { inverseTemperature: 9, bias: 0 }).rows).toEqual(rows)
    const least = scores.toSorted((one, other) => other - one)[4]!
    expect(takeFrom(rows, 5, null).rows).toEqual(rows.filter((row) => scores[row]! >= least))
  })
})

import { describe, expect, it } from 'vitest'
import { modelOf } from './__fixtures__/gradient-sets.js'
import { dTrakScores } from './d-trak-scores.js'
import { type LossRun, unlearningScores } from './unlearning-scores.js'
import oracle from './unlearning-scores.oracle.json' with { type: 'json' }

const noise = { noiseSeed: 7, batchSize: 64, timesteps: 20 }
const run = (losses: readonly number[], more: Partial<LossRun> = {}): LossRun => ({
  losses,
  ...noise,
  ...more,
})

describe('unlearningScores', () => {
  it('is the gain of loss, of a picture or its mirror image, whichever is larger', () => {
    const before = run([1, 1, 1], { mirrored: [1, 1, 2] })
    const after = run([1.5, 1, 0.5], { mirrored: [1.25, 2, 2.25] })
    expect([...unlearningScores({ before, after }).scores]).toEqual([0.5, 1, 0.25])
    const { scores } = unlearningScores({ before, after, views: 'mean' })
    expect([...scores]).toEqual([0.375, 0.5, -0.125])
    const plain = unlearningScores({ before: run([1, 2]), after: run([3, 1]) })
    expect(plain).toEqual({ scores: Float64Array.of(2, -1), unchecked: [] })
  })

  it('tends to the influence function as the step becomes small', async () => {
    const models = [modelOf(oracle.train, [oracle.query])]
    const { scores: influence } = await dTrakScores({ models, lambda: oracle.lambda })
    const largest = Math.max(...influence.data.map(Math.abs))
    const gapAt = (alpha: keyof typeof oracle.after) => {
      const after = run(oracle.after[alpha])
      const { scores } = unlearningScores({ before: run(oracle.before), after })
      const gaps = influence.data.map((value, row) =>
        Math.abs(scores[row]! / Number(alpha) - value),
      )
      return Math.max(...gaps) / largest
    }
    expect(gapAt('0.0001')).toBeLessThan(1e-6)
    // What is left is of second order: a hundred times the step, a hundred times the gap.
    expect(gapAt('0.01') / gapAt('0.0001')).toBeCloseTo(100, 0)
  })

  it('refuses runs that differ in their noise', () => {
    const before = run([1])
    for (const [setting, value] of [
      ['noiseSeed', 8],
      ['batchSize', 32],
      ['timesteps', 10],
    ] as const) {
      const after = run([2], { [setting]: value })
      expect(() => unlearningScores({ before, after })).toThrow(
        expect.objectContaining({ code: 'RUN_MISMATCH' }),
      )
      const unknown = run([2], { [setting]: null })
      expect(unlearningScores({ before, after: unknown }).unchecked).toEqual([setting])
    }
    expect(() => unlearningScores({ before, after: run([2], { mirrored: [1] }) })).toThrow(
      expect.objectContaining({ code: 'RUN_MISMATCH' }),
    )
  })

  it('refuses losses that do not fit or are not finite, naming the picture', () => {
    const fails = (one: readonly number[], other: readonly number[], error: object) =>
      expect(() =>
        unlearningScores({
          before: run(one),
          after: run(other),
          ids: one.map((_, at) => `p${at}`),
        }),
      ).toThrow(expect.objectContaining(error))
    fails([1, 2], [1], { code: 'SHAPE_MISMATCH' })
    fails([], [], { code: 'EMPTY_INPUT' })
    fails([1, 2], [1, Number.NaN], { code: 'NOT_FINITE', location: { row: 1, id: 'p1' } })
    const views = { before: run([1], { mirrored: [1, 2] }), after: run([1], { mirrored: [1, 2] }) }
    expect(() => unlearningScores(views)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../index.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { createEProcess, type EProcess, updateEProcess } from './e-process.js'

const seeded = { seed: 7, numRuns: 200 }
const after = (nullProbability: number, successes: number, trials: number) =>
  updateEProcess(createEProcess({ nullProbability }), { successes, trials })

describe('the e-process', () => {
  it.each([
    [0, 10, 0.1, -2.39789527],
    [5, 50, 0.1, -2.65344055],
    [12, 50, 0.1, 2.28467485],
    [20, 50, 0.1, 13.90213806],
    [3, 20, 0.02, 2.01568244],
  ])('gives the reference value of %i of %i at %f', (successes, trials, rate, expected) => {
    const { logEValue } = after(rate, successes, trials)
    expect(Math.abs(logEValue - expected)).toBeLessThan(1e-8)
  })

  it.each(oracle.eProcess)(
    'agrees with mpmath: $successes of $trials at $nullProbability',
    (row) => {
      const state = updateEProcess(createEProcess(row), row)
      expectClose(state.logEValue, row.logEValue, 1e-11)
    },
  )

  it('starts without evidence', () => {
    const start = createEProcess({ nullProbability: 0.2 })
    expect([start.logEValue, start.pValue, start.trials]).toEqual([0, 1, 0])
  })

  it('is the same in one batch as trial by trial, and leaves earlier states as they were', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }),
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        (outcomes, nullProbability) => {
          const states = [Object.freeze(createEProcess({ nullProbability }))]
          for (const outcome of outcomes) {
            const seen = { successes: outcome ? 1 : 0, trials: 1 }
            states.push(Object.freeze(updateEProcess(states.at(-1)!, seen)))
          }
          const last = states.at(-1) as EProcess
          const successes = outcomes.filter(Boolean).length
          const batch = after(nullProbability, successes, outcomes.length)
          expect(Math.abs(last.logEValue - batch.logEValue)).toBeLessThan(1e-8)
          const largest = Math.max(...states.map((state) => state.logEValue))
          expect(last.largestLogEValue).toBe(largest)
          expect(last.pValue).toBe(Math.min(1, Math.exp(-largest)))
        },
      ),
      seeded,
    )
  })

  it('keeps its p-value when the evidence fades', () => {
    const strong = after(0.1, 20, 50)
    const faded = updateEProcess(strong, { successes: 0, trials: 200 })
    expect(faded.logEValue).toBeLessThan(strong.logEValue)
    expect(faded.pValue).toBe(strong.pValue)
  })

  it('rejects a true null at most at its level, however often one looks', () => {
    const random = createRandom('e-process')
    const rejections = Array.from({ length: 1000 }, () => {
      let state = createEProcess({ nullProbability: 0.1 })
      for (let look = 0; look < 40; look += 1) {
        const successes = Array.from({ length: 10 }, () => random.uniform() < 0.1).filter(
          Boolean,
        ).length
        state = updateEProcess(state, { successes, trials: 10 })
      }
      return state.pValue <= 0.05
    }).filter(Boolean).length
    expect(rejections / 1000).toBeLessThan(0.05)
    expect(rejections).toBeGreaterThan(0)
  })

  it('stays exact after ten million trials', () => {
    // With a = b = 1 the integral over all rates has the closed form B(S + 1, F + 1); far above the null
    // the part below it is nothing.
    const { logEValue } = after(0.1, 1_010_000, 10_000_000)
    expect(logEValue).toBeGreaterThan(40)
    expect(logEValue).toBeLessThan(60)
  })

  it('refuses what is out of range', () => {
    expect(codeOf(() => createEProcess({ nullProbability: 0 }))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => createEProcess({ nullProbability: 0.1, a: 0 }))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => createEProcess({ nullProbability: 0.1, b: Number.NaN }))).toBe('NOT_FINITE')
    expect(codeOf(() => after(0.1, 2, 1))).toBe('INVALID_ARGUMENT')
  })
})

import { describe, expect, it } from 'vitest'
import { outcomesOfMutants } from './__fixtures__/outcomes-of-mutants.js'

describe('200 damaged or greedy models', () => {
  it('each give a result or a typed error, and leave this process alone', {
    timeout: 120_000,
  }, async () => {
    const before = process.memoryUsage.rss()
    const outcomes = await outcomesOfMutants({ seed: 21, count: 200 })
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 2 ** 20)
    // All roads are taken.
    expect(outcomes['result']).toBeGreaterThan(15)
    expect(outcomes['ENGINE_FAILED']).toBeGreaterThan(80)
    expect(outcomes['MODEL_RESOURCE_LIMIT']).toBeGreaterThan(4)
  })
})

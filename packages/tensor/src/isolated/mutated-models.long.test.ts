import { describe, expect, it } from 'vitest'
import { outcomesOfMutants } from './__fixtures__/outcomes-of-mutants.js'

describe('6,000 damaged or greedy models', () => {
  it.each([22, 23, 24])('give results or typed errors, from seed %i', async (seed) => {
    const before = process.memoryUsage.rss()
    const outcomes = await outcomesOfMutants({ seed, count: 2000 })
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 2 ** 20)
    expect(outcomes['result']).toBeGreaterThan(200)
    expect(outcomes['ENGINE_FAILED']).toBeGreaterThan(1000)
    expect(outcomes['MODEL_RESOURCE_LIMIT']).toBeGreaterThan(50)
  })
})

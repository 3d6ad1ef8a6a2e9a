import { metricConformance } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { metrics } from './metrics.js'

describe.each(metrics.map((metric) => [metric.id, metric] as const))('%s', (_, metric) => {
  for (const { name, run } of metricConformance(metric, { runs: 500 })) it(name, run)
})

describe('the list of metrics', () => {
  it('names each metric once', () => {
    expect(new Set(metrics.map(({ id }) => id)).size).toBe(metrics.length)
  })
})

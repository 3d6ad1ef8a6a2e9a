import type { Metric } from '@assay/core/testing'
import { pairMetrics } from './pair-metrics.js'
import { rankingMetrics } from './ranking-metrics.js'
import { referenceMetrics } from './reference-metrics.js'
import { setMetrics } from './set-metrics.js'

/**
 * Every measure of this package with what it means and promises. What is added here is enrolled into
 * the invariance tests that all metrics share.
 */
export const metrics: readonly Metric[] = [
  ...setMetrics,
  ...referenceMetrics,
  ...pairMetrics,
  ...rankingMetrics,
]

// Streams in which golden data sets are written down.

export { mulberry32 } from './random/mulberry-32.js'

// Conformance: the parts of every kit.

export type { ConformanceCheck } from './testing/conformance-check.js'

// Conformance: metrics.

export type { Metric, MetricInputs, MetricInvariances, MetricOf } from './contracts/metric.js'
export {
  checkMetric,
  type MetricConformanceOptions,
  metricConformance,
} from './testing/metric-conformance.js'

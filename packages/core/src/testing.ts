// Streams in which golden data sets are written down.

export { mulberry32 } from './random/mulberry-32.js'

// Conformance: the parts of every kit.

export type { ConformanceCheck } from './testing/conformance-check.js'

// Conformance: audits.

export {
  type AuditConformanceOptions,
  auditConformance,
  checkAudit,
} from './testing/audit/audit-conformance.js'

// Conformance: encoders.

export {
  checkEncoder,
  type EncoderConformanceOptions,
  encoderConformance,
} from './testing/encoder/encoder-conformance.js'

// Conformance: engines.

export {
  checkEngine,
  type EngineConformanceOptions,
  engineConformance,
} from './testing/engine/engine-conformance.js'

// Conformance: generators.

export {
  checkGenerator,
  type GeneratorConformanceOptions,
  generatorConformance,
} from './testing/generator/generator-conformance.js'

// Conformance: vector indexes.

export { bruteForceIndex } from './testing/index/brute-force-index.js'
export {
  checkIndex,
  type IndexConformanceOptions,
  indexConformance,
} from './testing/index/index-conformance.js'

// Conformance: metrics.

export type { Metric, MetricInputs, MetricInvariances, MetricOf } from './contracts/metric.js'
export {
  checkMetric,
  type MetricConformanceOptions,
  metricConformance,
} from './testing/metric/metric-conformance.js'

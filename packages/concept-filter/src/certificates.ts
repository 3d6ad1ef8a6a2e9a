// Noise on the image embedding.

export { boundaryAngle, conceptAngle } from './certificates/boundary-angle.js'
export { type CertifyOptions, certify } from './certificates/certify.js'
export { type CertifyRuleOptions, certifyRule } from './certificates/certify-rule.js'
export { type CosineMargin, cosineRadius } from './certificates/cosine-radius.js'
export type {
  CertificateMethod,
  CertificateReason,
  EmbeddingCertificate,
} from './certificates/embedding-certificate.js'
export type {
  CombinedRule,
  CosineRule,
  EmbeddingRule,
  LinearRule,
} from './certificates/embedding-rule.js'
export { exactRadius } from './certificates/exact-radius.js'
export { type LinearMargin, linearRadius } from './certificates/linear-radius.js'
export { lipschitzRadius } from './certificates/lipschitz-radius.js'
export { type Drift, type DriftReport, measureDrift } from './certificates/measure-drift.js'
export { type ConfidenceMargin, paperRadius } from './certificates/paper-radius.js'

// Changes of pixels, for the smoothed filter.

export {
  type CertifySmoothedOptions,
  certifySmoothed,
  type SmoothedCertificate,
} from './certificates/certify-smoothed.js'
export {
  type SmoothedRadius,
  type SmoothedRadiusOptions,
  smoothedRadius,
} from './certificates/smoothed-radius.js'

// What certificates are worth.

export {
  type CertifiedAccuracy,
  type CertifiedAccuracyOptions,
  type CertifiedAccuracyPoint,
  certifiedAccuracy,
} from './certificates/certified-accuracy.js'
export {
  type ProbeRadiusOptions,
  probeRadius,
  type RadiusProbe,
} from './certificates/probe-radius.js'
export { type ShortestNoiseOptions, shortestNoise } from './certificates/shortest-noise.js'

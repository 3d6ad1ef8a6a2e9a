// Errors.

export { AssayError } from './errors/assay-error.js'
export { closestName } from './errors/closest-name.js'
export type { AssayErrorCode } from './errors/error-codes.js'
export { type ItemFailure, itemFailure } from './errors/item-failure.js'

// Matrices and random numbers.

export { assertComparable } from './matrix/assert-comparable.js'
export { createMatrix } from './matrix/create-matrix.js'
export type { Matrix } from './matrix/matrix.js'
export { selectRows } from './matrix/select-rows.js'
export { createRandom } from './random/create-random.js'
export type { Random } from './random/random.js'

// Contracts: pictures and encoders.

export type { EmbeddingBatch, ImageEncoder, TextEncoder } from './contracts/encoder.js'
export type { ImageInput, RgbImage } from './contracts/image.js'
export type { ImageCaptioner } from './contracts/image-captioner.js'
export type { ImageClassifier } from './contracts/image-classifier.js'

// Contracts: generators.

export type {
  DenoisingAdjustment,
  DenoisingHook,
  DenoisingStep,
} from './contracts/denoising-hook.js'
export type {
  GeneratedImage,
  GenerationRequest,
  ImageGenerator,
} from './contracts/image-generator.js'

// Contracts: computing and search.

export type { Engine, EngineSession, Tensor } from './contracts/engine.js'
export type { Progress } from './contracts/progress.js'
export type { Neighbour, VectorIndex, VectorMetric } from './contracts/vector-index.js'

// Contracts: audits.

export type {
  Audit,
  AuditContext,
  AuditMeta,
  AuditResult,
  AuditSet,
  Finding,
  MeasureMeta,
} from './contracts/audit.js'
export type { Interval, Measure } from './contracts/measure.js'

// Fitting.
export type { Batch, Batches } from './train/batch.js'
export { fit } from './train/fit.js'
export type { FitOptions, FitResult, StepReport } from './train/fit-options.js'
// Optimizers and learning rates.
export {
  type CosineOptions,
  cosineRate,
  type LearningRate,
  type LearningRateSchedule,
  type WarmUpOptions,
  warmUpRate,
} from './train/learning-rate.js'
// Losses that several methods share.
export { type InfoNceOptions, infoNce } from './train/losses/info-nce.js'
export type { Optimizer, ParameterAfter, ParameterBefore, StepInputs } from './train/optimizer.js'
export { type AdamOptions, adam } from './train/optimizers/adam.js'
export { type AdamWOptions, adamW } from './train/optimizers/adam-w.js'
export type { AdaptiveMomentsOptions } from './train/optimizers/adaptive-moments.js'
export { type SgdOptions, sgd } from './train/optimizers/sgd.js'
export { type ShuffledBatchesOptions, shuffledBatches } from './train/shuffled-batches.js'
// The graph of a training step, for inspection.
export {
  type CarriedTensor,
  createTrainingGraph,
  type Loss,
  type LossContext,
  type TensorShape,
  type TrainingGraph,
  type TrainingGraphOptions,
} from './train/training-graph.js'

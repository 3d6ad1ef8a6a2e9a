// Heads: training, and mapping many rows with an engine.

export type { Regulariser } from './train/attribution-loss.js'
export { fitAttributionHead } from './train/fit-attribution-head.js'
export type {
  FitAttributionHeadOptions,
  FittedAttributionHead,
  HeadEvaluation,
  HeadTrainingStep,
  HeadValidation,
} from './train/fit-attribution-head-options.js'
export {
  type MapFeaturesOptions,
  type OpenedHead,
  type OpenHeadOptions,
  openHead,
} from './train/open-head.js'
export {
  type HeldOutSplit,
  type SplitHeldOutOptions,
  splitHeldOut,
} from './train/split-held-out.js'

// Successors: teaching a ranker, and big products for gradient scores.

export { distillRanker } from './train/distillation/distill-ranker.js'
export type {
  DistillationEpoch,
  DistillationResult,
  DistillRankerOptions,
  TaughtQueries,
} from './train/distillation/distill-ranker-options.js'
export { type EngineProducts, engineProducts } from './train/engine-products.js'

// Evaluation among large pools.

export { type EngineRowProduct, engineRowProduct } from './train/engine-row-product.js'

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

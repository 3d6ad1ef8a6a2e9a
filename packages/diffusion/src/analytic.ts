// Generators that are known in closed form.

export type {
  AnalyticGenerator,
  AnalyticGeneratorOptions,
  AnalyticMetadata,
} from './analytic/analytic-generator.js'
export { type ComposerOptions, createComposer } from './analytic/create-composer.js'
export { createMemoriser, type MemoriserOptions } from './analytic/create-memoriser.js'
export type { PatchSchedule, PatchScheduleName, PatchStep } from './analytic/patch-schedule.js'
export { patchSchedules } from './analytic/patch-schedule.js'
export type { PictureSelection } from './analytic/picture-selection.js'
export type { PromptScoreOptions } from './analytic/prompt-score.js'

// The pictures that they draw from.

export type { BankPicture } from './analytic/bank-pixels.js'
export { type CreatePictureBankOptions, createPictureBank } from './analytic/create-picture-bank.js'
export { extendPictureBank } from './analytic/extend-picture-bank.js'
export type { BankCaption, CaptionEmbeddings, PictureBank } from './analytic/picture-bank.js'
export { readPictureBank } from './analytic/read-picture-bank.js'

// Which pictures a picture was made of.

export type { Attribution, AttributionShare } from './analytic/attribution.js'
export {
  type Counterfactual,
  type CounterfactualAttribution,
  type CounterfactualOptions,
  counterfactualAttribution,
} from './analytic/counterfactual-attribution.js'
export { type NearestBankPicture, nearestBankPicture } from './analytic/nearest-bank-picture.js'

// Their denoisers and schedule, for other samplers.

export { analyticSchedule } from './analytic/analytic-schedule.js'
export { type IdealDenoiserOptions, idealDenoiser } from './analytic/ideal-denoiser.js'
export { type LocalDenoiserOptions, localDenoiser } from './analytic/local-denoiser.js'

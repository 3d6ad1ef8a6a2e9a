// Pictures into files.

export {
  type ContactSheetOptions,
  contactSheet,
  type SheetPicture,
} from './pictures/contact-sheet.js'
export type { PictureRequest } from './pictures/picture-request.js'
export type { PictureRow, RejectedRow } from './pictures/picture-row.js'
export {
  type WritePicturesOptions,
  type WrittenPictures,
  writePictures,
} from './pictures/write-pictures.js'

// Pipelines.

export type { PipelineCard, PipelineFile } from './pipeline/folder/pipeline-card.js'
export {
  type DiffusionPipeline,
  type OpenPipelineOptions,
  openPipeline,
} from './pipeline/open-pipeline.js'

// Sampling.

export { cleanPrediction, type ModelOutput } from './sampling/clean-prediction.js'
export type { Denoiser, DenoiserAnswer, DenoiserCall } from './sampling/denoiser.js'
export { modelCoefficients } from './sampling/model-coefficients.js'
export { modelInput } from './sampling/model-input.js'
export type { NoiseLevel } from './sampling/noise-level.js'
export type { NoiseSource } from './sampling/noise-source.js'
export type { ModelCoefficients, Parametrization } from './sampling/parametrization.js'
export { parseSchedulerConfig } from './sampling/parse-scheduler-config.js'
export { readScheduler } from './sampling/read-scheduler.js'
export { sample } from './sampling/sample.js'
export type { SampleOptions, SampleResult } from './sampling/sample-options.js'
export type { ScheduleOptions, Scheduler } from './sampling/samplers/scheduler.js'
export type { Clipping, ModelCall, Schedule, StateUpdate } from './sampling/schedule.js'
export { seededNoise } from './sampling/seeded-noise.js'

// Features in files.

export type { Labels, LabelTableOptions } from './node/features/label-table.js'
export {
  type FeatureFile,
  type OpenFeaturesOptions,
  openFeatures,
} from './node/features/open-features.js'
export { readLabels } from './node/features/read-labels.js'
export {
  type WriteFeatureStoreOptions,
  writeFeatureStore,
} from './node/features/write-feature-store.js'

// Customised models, for evaluation and training.

export { readTunedModels } from './node/read-tuned-models.js'

// Heads in files.

export type { ReadHeadFileOptions } from './node/head/head-description.js'
export { readHeadFile } from './node/head/read-head-file.js'
export { writeHeadFile } from './node/head/write-head-file.js'

// Calibrations in files.

export { readCalibration, writeCalibration } from './node/calibration-file.js'

// Gradients, scores, rankings and losses of other programs; files of distilled rankers.

export {
  readDistilledRanker,
  writeDistilledRanker,
} from './node/gradients/distilled-ranker-file.js'
export {
  type GradientFile,
  type OpenGradientsOptions,
  openGradients,
} from './node/gradients/open-gradients.js'
export {
  type OpenTrakFolderOptions,
  openTrakFolder,
  type TrakFolder,
} from './node/gradients/open-trak-folder.js'
export { readRankings, readVector } from './node/gradients/read-array.js'
export { type ReadScoreMatrixOptions, readScoreMatrix } from './node/gradients/read-score-matrix.js'

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

// Features in files.

export {
  type FeatureFile,
  type OpenFeaturesOptions,
  openFeatures,
} from './node/features/open-features.js'
export {
  type WriteFeatureStoreOptions,
  writeFeatureStore,
} from './node/features/write-feature-store.js'

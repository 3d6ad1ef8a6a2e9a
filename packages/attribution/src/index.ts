// Features of pools, exemplars and queries.

export type {
  FeatureBlock,
  FeatureBlocksOptions,
  FeatureSource,
} from './features/feature-source.js'
export {
  type FeaturesFromMatrixOptions,
  featuresFromMatrix,
} from './features/features-from-matrix.js'

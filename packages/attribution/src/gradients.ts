// Gradients that were projected, and what is scored from them.

export { type AverageTimestepsOptions, averageTimesteps } from './gradients/average-timesteps.js'
export { dTrakScores } from './gradients/d-trak-scores.js'
export { type DasForm, dasScores } from './gradients/das-scores.js'
export type { GradientScores, GradientScoresOptions } from './gradients/gradient-scores.js'
export type {
  GradientModel,
  GradientRows,
  GradientSet,
  GradientWarning,
  ProjectionRecord,
} from './gradients/gradient-set.js'
export { javascriptProducts } from './gradients/products/javascript-products.js'
export type { MatrixProducts, WideRows } from './gradients/products/matrix-products.js'
export { type RandomProjectionOptions, randomProjection } from './gradients/random-projection.js'
export type { ScoreMatrix } from './gradients/score-matrix.js'
export {
  type LambdaChoice,
  lambdaGrid,
  type SelectLambdaOptions,
  selectLambda,
} from './gradients/select-lambda.js'
export { trakScores } from './gradients/trak-scores.js'

// Losses before and after unlearning.

export {
  type LossRun,
  type UnlearningScores,
  type UnlearningScoresOptions,
  unlearningScores,
} from './gradients/unlearning-scores.js'

// Shapley values of nearest neighbours.

export { rankItems } from './gradients/rank-items.js'
export { groupSums } from './gradients/shapley/group-sums.js'
export {
  type KnnShapley,
  type KnnShapleyOptions,
  knnShapley,
} from './gradients/shapley/knn-shapley.js'
export { knnShapleyValues } from './gradients/shapley/knn-shapley-values.js'

// Projected gradients, and what is scored from them.

export { averageTimesteps } from './gradients/average-timesteps.js'
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
export { joinViews } from './gradients/join-views.js'
export { javascriptProducts } from './gradients/products/javascript-products.js'
export type { MatrixProducts } from './gradients/products/matrix-products.js'
export { randomProjection } from './gradients/random-projection.js'
export { rankItems } from './gradients/rank-items.js'
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
  unlearningScores,
} from './gradients/unlearning-scores.js'

// Embeddings that were taught a slow method's rankings.

export { createDistilledRanker } from './gradients/distillation/create-distilled-ranker.js'
export { distillationLoss } from './gradients/distillation/distillation-loss.js'
export type { DistilledRanker } from './gradients/distillation/distilled-ranker.js'
export { distilledScores } from './gradients/distillation/distilled-scores.js'
export { embedForRanking } from './gradients/distillation/embed-for-ranking.js'
export {
  type TeacherAgreement,
  teacherAgreement,
} from './gradients/distillation/teacher-agreement.js'

// Shapley values of nearest neighbours.

export { groupSums } from './gradients/shapley/group-sums.js'
export { type KnnShapley, knnShapley } from './gradients/shapley/knn-shapley.js'
export { knnShapleyValues } from './gradients/shapley/knn-shapley-values.js'

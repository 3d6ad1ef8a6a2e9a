// Targets.

export { type FloatImage, toFloatImage, toRgbImage } from './attacks/pixels/float-image.js'
export { decisionScore } from './attacks/score/decision-score.js'
export { embeddingScore, type ScoreGradient } from './attacks/score/embedding-score.js'
export { type PipelineScoreOptions, pipelineScore } from './attacks/score/pipeline-score.js'
export type { ScorePictures } from './attacks/score/score-pictures.js'

// Attacks by queries.

export { type BoundaryAttackOptions, boundaryAttack } from './attacks/black-box/boundary-attack.js'
export { type NesAttackOptions, nesAttack } from './attacks/black-box/nes-attack.js'
export { type SimbaAttackOptions, simbaAttack } from './attacks/black-box/simba-attack.js'
export { type SquareAttackOptions, squareAttack } from './attacks/black-box/square-attack.js'
export type { AttackResult } from './attacks/search/attack-result.js'

// Attacks by gradients.

export { type EmbeddingPgdOptions, embeddingPgd } from './attacks/white-box/embedding-pgd.js'
export type { GradientProvider } from './attacks/white-box/gradient-provider.js'
export {
  createOnnxGradients,
  type OnnxGradientsOptions,
} from './attacks/white-box/onnx-gradients.js'
export { type PgdAttackOptions, pgdAttack } from './attacks/white-box/pgd-attack.js'

// What came of them.

export { type AttackedPictures, attackPictures } from './attacks/evaluation/attack-pictures.js'
export {
  type RobustnessCurveOptions,
  type RobustnessPoint,
  robustnessCurve,
} from './attacks/evaluation/robustness-curve.js'

// Pictures that were changed by the world, or written upon.

export type { PictureTransform } from './attacks/transforms/picture-transform.js'
export {
  type StressReport,
  type StressRow,
  type StressTestOptions,
  stressTest,
} from './attacks/transforms/stress-test.js'

// Attacks on prompts.

export {
  type MarginGuidedAttackOptions,
  marginGuidedAttack,
} from './attacks/prompts/margin-guided-attack.js'
export type { PromptAttackOptions, PromptAttackResult } from './attacks/prompts/prompt-attack.js'
export { substitutionAttack } from './attacks/prompts/substitution-attack.js'

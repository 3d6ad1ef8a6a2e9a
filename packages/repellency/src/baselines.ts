// What shields are compared with, on the same hook.

export {
  type ConditionAnnealingOptions,
  conditionAnnealing,
} from './baselines/condition-annealing.js'
export { type IntervalGuidanceOptions, intervalGuidance } from './baselines/interval-guidance.js'
export { type ParticleGuidanceOptions, particleGuidance } from './baselines/particle-guidance.js'

import type { ModelCoefficients } from './parametrization.js'

/** What the model is fed: a copy of the state in the scale that the model was trained on. */
export const modelInput = (coefficients: ModelCoefficients, state: Float32Array): Float32Array =>
  state.map((value) => coefficients.input * value)

import type { FloatArray } from './float-array.js'
import type { ModelCoefficients } from './parametrization.js'

/** What a model said of a state. */
export interface ModelOutput {
  readonly coefficients: ModelCoefficients
  /** The state itself, not the model's input. */
  readonly state: FloatArray
  /** Output of the model, as long as the state. */
  readonly output: FloatArray
  /** Where the clean picture goes, as long as the state; may be `output`. Default: a new array */
  readonly clean?: Float32Array
}

/** The clean picture that a model's output means. */
export function cleanPrediction({
  coefficients,
  state,
  output,
  clean = new Float32Array(state.length),
}: ModelOutput): Float32Array {
  const [ofState, ofOutput] = [coefficients.state, coefficients.output]
  for (let at = 0; at < clean.length; at++) {
    clean[at] = ofState * state[at]! + ofOutput * output[at]!
  }
  return clean
}

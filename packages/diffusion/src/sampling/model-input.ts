import type { ModelCoefficients } from './parametrization.js'

/** What the model is fed: a copy of the state in the scale that the model was trained on. */
export function modelInput({ input }: ModelCoefficients, state: Float32Array): Float32Array {
  if (input === 1) return state.slice()
  const fed = new Float32Array(state.length)
  for (let at = 0; at < fed.length; at++) fed[at] = input * state[at]!
  return fed
}

import type { ModelCoefficients } from './parametrization.js'

/**
 * What the model is fed: a copy of the state in the scale that the model was trained on.
 *
 * @param copies how many, one after another: 2 for guidance
 */
export function modelInput(
  { input }: ModelCoefficients,
  state: Float32Array,
  copies = 1,
): Float32Array {
  if (input === 1 && copies === 1) return state.slice()
  const fed = new Float32Array(copies * state.length)
  for (let at = 0; at < state.length; at++) fed[at] = input * state[at]!
  for (let copy = 1; copy < copies; copy++) fed.copyWithin(copy * state.length, 0, state.length)
  return fed
}

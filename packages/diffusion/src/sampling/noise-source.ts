/**
 * Standard normal numbers. They depend on the three arguments only, so that a picture gets the same
 * noise whatever batch it is drawn in.
 *
 * @param seed the picture's own seed
 * @param draw 0 for the first state; `index` + 1 at the model call `index`, where a sampler draws
 * @param length numbers wanted: one picture's
 */
export type NoiseSource = (seed: number, draw: number, length: number) => Float32Array

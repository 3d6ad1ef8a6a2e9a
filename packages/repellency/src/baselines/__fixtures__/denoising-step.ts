import type { DenoisingStep, Tensor } from '@assay/core'

/** Rows as a float32 tensor. */
export const rowsOf = (rows: readonly (readonly number[])[]): Tensor & { type: 'float32' } => ({
  type: 'float32',
  dims: [rows.length, rows[0]?.length ?? 0],
  data: Float32Array.from(rows.flat()),
})

/** A model call of two pictures where there is much noise, the third of ten, with what is changed of it. */
export const denoisingStep = (changed: Partial<DenoisingStep> = {}): DenoisingStep => ({
  index: 2,
  count: 10,
  timestep: 800,
  signalCoefficient: 0.2,
  noiseCoefficient: 0.8,
  seeds: [1, 2],
  state: rowsOf([
    [1, 2, 3],
    [-1, 0.5, 2],
  ]),
  prediction: rowsOf([
    [0.1, 0.2, 0.3],
    [0.4, 0.5, 0.6],
  ]),
  condition: null,
  guidanceScale: 1,
  ...changed,
})

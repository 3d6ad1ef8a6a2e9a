/**
 * What a model's output means, by the names of diffusers: the noise, the velocity of Salimans and Ho,
 * the clean picture, the flow's velocity (noise minus picture), or EDM's preconditioned output.
 */
export type Parametrization =
  | { readonly type: 'epsilon' | 'v_prediction' | 'sample' | 'flow_prediction' }
  | {
      readonly type: 'edm'
      /** Standard deviation of the training data; 0.5 in the paper. */
      readonly dataDeviation: number
    }

/** How a model is fed and read at one noise level. */
export interface ModelCoefficients {
  /** The model's input is the state times this. */
  readonly input: number
  /** The clean picture is the state times this, */
  readonly state: number
  /** plus the model's output times this. */
  readonly output: number
}

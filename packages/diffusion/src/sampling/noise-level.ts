/** One place of a diffusion: a state there is `signalCoefficient` x0 + `noiseCoefficient` e. */
export interface NoiseLevel {
  /** What the model is told, in its own scale: 0 to 1000 mostly, or ln(sigma) / 4 for EDM. */
  readonly timestep: number
  /** Factor of the clean picture in the state; 1 where the state is x0 + sigma e. */
  readonly signalCoefficient: number
  /** Factor of the standard normal noise in the state. */
  readonly noiseCoefficient: number
}

/** The two vectors that tuning moves: unit, one a side. */
export interface ConceptVectors {
  readonly unacceptable: Float64Array
  readonly acceptable: Float64Array
}

/** A loss with its gradient in closed form. */
export interface LossAndGradient {
  readonly loss: number
  /**
   * Derivatives by the coordinates of each vector, as if it were free; what points along the vector itself
   * has no meaning and is projected away.
   */
  readonly gradient: ConceptVectors
}

/** What tuning makes smaller. */
export type TuningLoss = (vectors: ConceptVectors) => LossAndGradient

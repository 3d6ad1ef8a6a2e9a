import type { GraphValue } from '../graph/graph-node.js'
import type { LearningRate } from './learning-rate.js'

/**
 * What every parameter's update may use: two scalars that each run is fed with, in float64 where a
 * parameter is, else in float32.
 */
export interface StepInputs {
  readonly learningRate: GraphValue
  /** Number of the step, counted from 1. */
  readonly step: GraphValue
}

/** A parameter before its update. */
export interface ParameterBefore {
  readonly parameter: GraphValue
  /** Derivative of the loss with respect to the parameter; of the parameter's type and shape. */
  readonly gradient: GraphValue
  /** The optimizer's memory of this parameter, in the order of `stateNames`; zeros at the first step. */
  readonly state: readonly GraphValue[]
}

/** A parameter after its update. */
export interface ParameterAfter {
  readonly parameter: GraphValue
  readonly state: readonly GraphValue[]
}

/** A rule that moves parameters against their gradients, written as nodes of the training graph. */
export interface Optimizer {
  readonly learningRate: LearningRate
  /** Names of the tensors that it keeps of every parameter; each has the parameter's type and shape. */
  readonly stateNames: readonly string[]
  /** Adds what all parameters share to the graph, and gives the function that adds one's update. */
  begin(inputs: StepInputs): (before: ParameterBefore) => ParameterAfter
}

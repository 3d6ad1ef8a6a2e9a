import type { GraphNode, GraphValue } from '../graph-node.js'

/** An operator on the way from a parameter to the loss, as a rule sees it. */
export interface RuleContext {
  readonly node: GraphNode
  /** The operator's first inputs. A rule whose operator has others, or optional ones, asks `node`. */
  readonly inputs: readonly [GraphValue, GraphValue, GraphValue]
  /** The operator's first output. */
  readonly output: GraphValue
  /** The gradient of the loss by the first output, in that output's shape. */
  readonly gradient: GraphValue
  /** The gradients by all of the operator's floating outputs. */
  readonly gradients: readonly GraphValue[]
}

/**
 * How the loss's gradient passes from an operator's outputs to its inputs: a maker for each input by
 * position, called only where the gradient is wanted. What it makes may still have axes over which
 * the input was stretched; `gradients` sums over them. An input without a maker has no gradient.
 */
export type GradientRule = (context: RuleContext) => readonly ((() => GraphValue) | null)[]

import { AssayError } from '@assay/core'
import { type GraphNode, type GraphValue, isFloating } from '../graph-node.js'
import { add } from '../operations/arithmetic.js'
import { constantLike, zerosLike } from '../operations/constant-like.js'
import { shapeMismatch } from '../shapes.js'
import type { RuleContext } from './gradient-rule.js'
import { gradientRules } from './gradient-rules.js'
import { sumToShape } from './sum-to-shape.js'

/** What `gradients` is asked for. */
export interface GradientsOptions {
  /** The value to differentiate: a scalar of float32 or float64. */
  readonly loss: GraphValue
  /** The values to differentiate by: inputs, constants or whatever lies between them and the loss. */
  readonly parameters: readonly GraphValue[]
}

/**
 * The gradient of a loss by each parameter, in the parameter's shape, as values of the same graph:
 * reverse-mode differentiation. A parameter that the loss does not depend on gets zeros; nothing
 * passes through integers and booleans, such as indices and conditions.
 *
 * @throws AssayError `SHAPE_MISMATCH` where the loss is no scalar, `INVALID_ARGUMENT` where a parameter
 *   is of another graph or not of a floating type, or where an operator without a gradient lies in
 *   the way
 */
export function gradients({ loss, parameters }: GradientsOptions): GraphValue[] {
  if (loss.shape.length > 0) throw shapeMismatch('gradients', loss.shape)
  for (const value of [loss, ...parameters]) assertDifferentiable(loss, value)
  const dependent = dependents(parameters)
  const sums = new Map([[loss.name, constantLike(loss, 1)]])
  // A copy, because the rules add nodes.
  for (const node of [...loss.graph.nodes].reverse()) {
    const passes = node.outputs.some(({ name }) => sums.has(name) && dependent.has(name))
    if (passes) passBack(node, dependent, sums)
  }
  return parameters.map((parameter) => sums.get(parameter.name) ?? zerosLike(parameter))
}

/** Names of the floating values that change with a parameter, the parameters included. */
function dependents(parameters: readonly GraphValue[]): ReadonlySet<string> {
  const names = new Set(parameters.map(({ name }) => name))
  for (const { inputs, outputs } of parameters[0]?.graph.nodes ?? []) {
    if (!inputs.some((input) => input && names.has(input.name))) continue
    for (const output of outputs) if (isFloating(output)) names.add(output.name)
  }
  return names
}

/** Adds to the gradients of a node's inputs what the node passes back from its outputs. */
function passBack(
  node: GraphNode,
  dependent: ReadonlySet<string>,
  sums: Map<string, GraphValue>,
): void {
  const makers = gradientRules[node.operator]?.(contextOf(node, sums)) ?? []
  node.inputs.forEach((input, position) => {
    if (!input || !dependent.has(input.name)) return
    const maker = makers[position]
    if (!maker) throw noGradient(node, position)
    const share = sumToShape(maker(), input.shape)
    const sum = sums.get(input.name)
    sums.set(input.name, sum ? add(sum, share) : share)
  })
}

function contextOf(node: GraphNode, sums: ReadonlyMap<string, GraphValue>): RuleContext {
  const gradients = node.outputs
    .filter(isFloating)
    .map((output) => sums.get(output.name) ?? zerosLike(output))
  return {
    node,
    inputs: node.inputs as unknown as RuleContext['inputs'],
    output: node.outputs[0] as GraphValue,
    gradient: gradients[0] as GraphValue,
    gradients,
  }
}

function assertDifferentiable(loss: GraphValue, value: GraphValue): void {
  if (isFloating(value) && value.graph === loss.graph) return
  const fault = value.graph === loss.graph ? `is ${value.type}` : 'belongs to another graph'
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `gradients was given '${value.name}', which ${fault}.`,
    value: value.name,
    remedy: 'Give a loss and parameters of one graph, of type float32 or float64.',
  })
}

function noGradient({ operator, outputs }: GraphNode, position: number): AssayError {
  return new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${operator} ('${outputs[0]?.name}') has no gradient by its input ${position}.`,
    value: operator,
    remedy: 'Build what lies between parameters and loss with the operations of this package.',
  })
}

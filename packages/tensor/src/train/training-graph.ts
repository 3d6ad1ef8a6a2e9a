import { AssayError } from '@assay/core'
import { gradients } from '../graph/gradient/gradients.js'
import { createGraph, type Graph } from '../graph/graph.js'
import type { ElementType, GraphValue, Shape } from '../graph/graph-node.js'
import type { Optimizer } from './optimizer.js'

/** What a loss is made from. */
export interface LossContext<Parameter extends string = string, Input extends string = string> {
  readonly graph: Graph
  /** The parameters, by name. */
  readonly parameters: Readonly<Record<Parameter, GraphValue>>
  /** The tensors of a batch, by name. */
  readonly batch: Readonly<Record<Input, GraphValue>>
  /** Gives out a scalar at every step beside the loss, for instance one of its terms. */
  report(name: string, value: GraphValue): void
}

/** Writes the scalar that is to become small into the graph. */
export type Loss<Parameter extends string = string, Input extends string = string> = (
  context: LossContext<Parameter, Input>,
) => GraphValue

/** Element type and shape of a tensor; a named size is known only when the graph runs. */
export interface TensorShape {
  readonly type: ElementType
  readonly shape: Shape
}

/** What a training graph is made from. */
export interface TrainingGraphOptions<
  Parameter extends string = string,
  Input extends string = string,
> {
  readonly loss: Loss<Parameter, Input>
  /** Type (float32 or float64) and shape of each parameter, by name. */
  readonly parameters: Readonly<Record<Parameter, TensorShape>>
  /** Type and shape of each tensor of a batch, by name. */
  readonly batch: Readonly<Record<Input, TensorShape>>
  readonly optimizer: Optimizer
}

/** A tensor that every step hands to the next. */
export interface CarriedTensor extends TensorShape {
  /** Name of the input that takes it: that of the parameter, or `PARAMETER.STATE`. */
  readonly input: string
  /** Name of the output that gives what the next step takes. */
  readonly output: string
}

/** A whole training step as one graph. */
export interface TrainingGraph {
  /** For inspection, and for its `toBytes`. */
  readonly graph: Graph
  /** The parameters, then what the optimizer keeps of them, which is zero at first. */
  readonly carried: readonly CarriedTensor[]
  /** Names of the reported scalars; each is an output `report.NAME`. */
  readonly reported: readonly string[]
}

/** Inputs of every training graph beside parameters, their state and the batch. */
export const learningRateInput = 'optimizer.learningRate'
export const stepInput = 'optimizer.step'

/**
 * Writes loss, gradients and the optimizer's step as one ONNX graph, so that a training step is one
 * run. Inputs: parameters and batch under their own names, the optimizer's memory as `PARAMETER.STATE`,
 * and the scalars `optimizer.learningRate` and `optimizer.step` (counted from 1), float64 where a
 * parameter is, else float32. Outputs: `loss`, as it is before the step, and every carried tensor after
 * it, with `.next` behind its name.
 *
 * @throws AssayError `EMPTY_INPUT` without parameters, `INVALID_ARGUMENT` where a name occurs twice or
 *   a parameter is neither float32 nor float64, `SHAPE_MISMATCH` where the loss or a reported value is
 *   no scalar
 */
export function createTrainingGraph<Parameter extends string, Input extends string>({
  loss,
  parameters: parameterShapes,
  batch,
  optimizer,
}: TrainingGraphOptions<Parameter, Input>): TrainingGraph {
  assertTrainable(parameterShapes)
  const graph = createGraph({ name: 'training-step' })
  const reported: string[] = []
  const report = (name: string, value: GraphValue) => {
    assertScalar(`The reported value '${name}'`, value)
    graph.output(`report.${name}`, value)
    reported.push(name)
  }
  const parameters = declare(graph, parameterShapes)
  const scalar = loss({ graph, parameters, batch: declare(graph, batch), report })
  assertScalar('The loss', scalar)
  graph.output('loss', scalar)
  return { graph, carried: addUpdates(scalar, parameters, optimizer), reported }
}

/** Adds the gradients of the loss and the optimizer's step along them; what it makes is carried on. */
function addUpdates(
  loss: GraphValue,
  parameters: Readonly<Record<string, GraphValue>>,
  optimizer: Optimizer,
): CarriedTensor[] {
  const { graph } = loss
  const values = Object.values(parameters)
  const type = values.some((value) => value.type === 'float64') ? 'float64' : 'float32'
  const advance = optimizer.begin({
    learningRate: graph.input(learningRateInput, type, []),
    step: graph.input(stepInput, type, []),
  })
  const carry = (before: GraphValue, after: GraphValue): CarriedTensor => {
    const output = `${before.name}.next`
    graph.output(output, after)
    return { input: before.name, output, type: before.type, shape: before.shape }
  }
  const slopes = gradients({ loss, parameters: values })
  const updates = values.map((parameter, index) => {
    const { name, type, shape } = parameter
    const state = optimizer.stateNames.map((kept) => graph.input(`${name}.${kept}`, type, shape))
    const after = advance({ parameter, gradient: slopes[index] as GraphValue, state })
    return {
      parameter: carry(parameter, after.parameter),
      state: state.map((before, at) => carry(before, after.state[at] as GraphValue)),
    }
  })
  return [...updates.map((update) => update.parameter), ...updates.flatMap(({ state }) => state)]
}

function declare<Name extends string>(
  graph: Graph,
  shapes: Readonly<Record<Name, TensorShape>>,
): Record<Name, GraphValue> {
  const entries = Object.entries<TensorShape>(shapes)
  return Object.fromEntries(
    entries.map(([name, { type, shape }]) => [name, graph.input(name, type, shape)]),
  ) as Record<Name, GraphValue>
}

function assertTrainable(parameters: Readonly<Record<string, TensorShape>>): void {
  const entries = Object.entries(parameters)
  if (entries.length === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no parameter to train.',
      remedy: 'Give at least one.',
    })
  }
  const odd = entries.find(([, { type }]) => type !== 'float32' && type !== 'float64')
  if (!odd) return
  const [name, { type }] = odd
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The parameter '${name}' is ${type}.`,
    value: type,
    remedy: 'Train in float32 or float64.',
  })
}

function assertScalar(what: string, { shape }: GraphValue): void {
  if (shape.length === 0) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${what} has the shape [${shape.join(', ')}], but must be a scalar.`,
    value: shape,
    remedy: 'Reduce it over all axes, for instance with reduceMean.',
  })
}

import { AssayError, type EngineSession, type Tensor } from '@assay/core'
import { ownCopy } from '../engine/own-copy.js'
import { typedArrays } from '../worker/typed-arrays.js'
import { assertBatch, type Batch, shapesOfBatch } from './batch.js'
import type { FitOptions, StepReport } from './fit-options.js'
import { rateAt } from './learning-rate.js'
import { assertHyperparameter } from './optimizers/assert-hyperparameter.js'
import {
  createTrainingGraph,
  learningRateInput,
  stepInput,
  type TensorShape,
  type TrainingGraph,
} from './training-graph.js'

/** What a trainer works with. */
interface TrainerParts {
  readonly training: TrainingGraph
  readonly session: EngineSession
  readonly batchShapes: Readonly<Record<string, TensorShape>>
}

/** A training graph in an engine, and the tensors that each step hands to the next. */
export class Trainer<Parameter extends string> {
  readonly #options: FitOptions<Parameter>
  readonly #parts: TrainerParts
  #carried: Record<string, Tensor>
  #steps = 0

  private constructor(options: FitOptions<Parameter>, parts: TrainerParts) {
    this.#options = options
    this.#parts = parts
    const parameters: Readonly<Record<string, Tensor>> = options.parameters
    const carried = parts.training.carried.map((tensor) => {
      const parameter = parameters[tensor.input]
      return [tensor.input, parameter ? copyOf(parameter) : zeros(tensor)]
    })
    this.#carried = Object.fromEntries(carried)
  }

  /** Writes the graph for batches like the first, and opens it. */
  static async open<Parameter extends string>(
    options: FitOptions<Parameter>,
    first: Batch,
  ): Promise<Trainer<Parameter>> {
    const { engine, loss, optimizer, signal } = options
    const batchShapes = options.batchShapes ?? shapesOfBatch(first)
    assertBatch(first, batchShapes, 1)
    const parameters = shapesOf(options.parameters)
    const training = createTrainingGraph({ loss, parameters, batch: batchShapes, optimizer })
    const session = await engine.open(training.graph.toBytes(), signal ? { signal } : {})
    return new Trainer(options, { training, session, batchShapes })
  }

  /**
   * Makes one step.
   *
   * @throws AssayError `NOT_FINITE` where the loss is NaN or infinite, and what `assertBatch` throws
   */
  async step(batch: Batch): Promise<Omit<StepReport<Parameter>, 'stop'>> {
    const { training, session, batchShapes } = this.#parts
    const { optimizer, transferBatches = false, signal } = this.#options
    const step = this.#steps + 1
    assertBatch(batch, batchShapes, step)
    const learningRate = rateAt(optimizer.learningRate, step)
    assertHyperparameter(`The learning rate of step ${step}`, learningRate)
    this.#steps = step
    const feeds = {
      ...this.#carried,
      ...(transferBatches ? batch : copyAll(batch)),
      [learningRateInput]: scalarFor(training, learningRateInput, learningRate),
      [stepInput]: scalarFor(training, stepInput, step),
    }
    const outputs = await session.run(feeds, { transfer: true, ...(signal && { signal }) })
    const scalarOf = (name: string) => Number(outputs[name]?.data[0])
    const loss = scalarOf('loss')
    if (!Number.isFinite(loss)) throw notFinite(`The loss of step ${step} is ${loss}`, loss)
    const next = training.carried.map(({ input, output }) => [input, outputs[output]])
    this.#carried = Object.fromEntries(next)
    const reported = Object.fromEntries(
      training.reported.map((name) => [name, scalarOf(`report.${name}`)]),
    )
    return { step, loss, reported, learningRate, copyParameters: () => this.#copyAfter(step) }
  }

  /**
   * Copies of the parameters as they are now.
   *
   * @throws AssayError `NOT_FINITE` where one holds NaN or an infinity
   */
  parameters(): Record<Parameter, Tensor> {
    const copies = Object.keys(this.#options.parameters).map((name) => {
      const copy = copyOf(this.#carried[name] as Tensor)
      if (!copy.data.every((value) => Number.isFinite(value))) {
        throw notFinite(`After step ${this.#steps} the parameter '${name}' is not finite`, name)
      }
      return [name, copy]
    })
    return Object.fromEntries(copies) as Record<Parameter, Tensor>
  }

  close(): Promise<void> {
    return this.#parts.session.close()
  }

  #copyAfter(step: number): Record<Parameter, Tensor> {
    if (step === this.#steps) return this.parameters()
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The parameters after step ${step} are gone: step ${this.#steps} has begun.`,
      value: step,
      remedy: 'Copy them in onStep, before what it returns resolves.',
    })
  }
}

function shapesOf<Name extends string>(
  tensors: Readonly<Record<Name, Tensor>>,
): Record<Name, TensorShape> {
  const shapes = Object.entries<Tensor>(tensors).map(([name, { type, dims, data }]) => {
    if (data.length === countOf(dims)) return [name, { type, shape: dims }]
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `The parameter '${name}' has ${data.length} values for [${dims.join(', ')}].`,
      value: dims,
      remedy: 'Make the data fill the dimensions exactly.',
    })
  })
  return Object.fromEntries(shapes) as Record<Name, TensorShape>
}

const countOf = (dims: readonly number[]): number =>
  dims.reduce((product, size) => product * size, 1)

/** A number as the scalar that an input of the graph takes. */
function scalarFor({ graph }: TrainingGraph, name: string, value: number): Tensor {
  const type = graph.inputs.find((input) => input.name === name)?.type
  return type === 'float32'
    ? { type, dims: [], data: Float32Array.of(value) }
    : { type: 'float64', dims: [], data: Float64Array.of(value) }
}

function zeros({ type, shape }: TensorShape): Tensor {
  const dims = shape as readonly number[]
  return { type, dims, data: new typedArrays[type](countOf(dims)) } as Tensor
}

const copyOf = (tensor: Tensor): Tensor => ({ ...tensor, data: ownCopy(tensor.data) }) as Tensor

const copyAll = (tensors: Batch): Batch =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copyOf(tensor)]))

function notFinite(fault: string, value: unknown): AssayError {
  return new AssayError({
    code: 'NOT_FINITE',
    message: `${fault}.`,
    value,
    remedy: 'Lower the learning rate, warm it up, or look for NaN and zero rows in the batches.',
  })
}

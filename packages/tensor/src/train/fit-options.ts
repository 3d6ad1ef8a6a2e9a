import type { Engine, Tensor } from '@assay/core'
import type { Batches } from './batch.js'
import type { Optimizer } from './optimizer.js'
import type { Loss, TensorShape } from './training-graph.js'

/** A step that was made. */
export interface StepReport<Parameter extends string = string> {
  /** Its number, counted from 1. */
  readonly step: number
  /** The loss of its batch, before the step. */
  readonly loss: number
  /** What the loss gave to `report`, before the step. */
  readonly reported: Readonly<Record<string, number>>
  readonly learningRate: number
  /**
   * Copies of the parameters after this step.
   *
   * @throws AssayError `NOT_FINITE` where one holds NaN or an infinity, `INVALID_ARGUMENT` once the
   *   next step has begun
   */
  copyParameters(): Record<Parameter, Tensor>
  /** Lets this step be the last. */
  stop(): void
}

/** How parameters are fitted. */
export interface FitOptions<Parameter extends string = string, Input extends string = string> {
  /** What computes; it stays open. */
  readonly engine: Engine
  /** Writes the loss of a batch into a graph; called once. */
  readonly loss: Loss<Parameter, Input>
  /** What the parameters are at first, float32 or float64. They are copied. */
  readonly parameters: Readonly<Record<Parameter, Tensor>>
  /** One batch a step until they end, or a function of the seed that makes them. */
  readonly batches: Batches<Input> | ((seed: number | string) => Batches<Input>)
  /**
   * Types and shapes of the batches' tensors. Default: those of the first batch, where every tensor's
   * first size is free, but the same throughout a batch.
   */
  readonly batchShapes?: Readonly<Record<Input, TensorShape>>
  readonly optimizer: Optimizer
  /** Handed to `batches` where that is a function. Default 0. */
  readonly seed?: number | string
  /** Told of every step; what it returns is awaited before the next one begins. */
  readonly onStep?: (report: StepReport<Parameter>) => unknown
  /**
   * Whether batches give up their memory to the engine, which then need not copy them. Default false.
   */
  readonly transferBatches?: boolean
  /** Ends the training; its session is closed when `fit` rejects. */
  readonly signal?: AbortSignal
}

/** What came of it. */
export interface FitResult<Parameter extends string = string> {
  /** The parameters after the last step. */
  readonly parameters: Record<Parameter, Tensor>
  /** The loss of each step's batch, before the step. */
  readonly losses: readonly number[]
  /** Whether `onStep` ended the training before the batches did. */
  readonly stopped: boolean
}

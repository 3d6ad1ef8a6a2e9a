import type { Engine, Matrix } from '@assay/core'
import type { DistilledRanker } from '../../gradients/distillation/distilled-ranker.js'
import type { TeacherAgreement } from '../../gradients/distillation/teacher-agreement.js'

/** Queries and how a teacher ranks training pictures for them. */
export interface TaughtQueries {
  /** Features, a row a query. */
  readonly queries: Matrix
  /**
   * For each query numbers of training pictures, most influential first, none twice; equally many for all.
   * They may be the teacher's ranking of a query's nearest neighbours only.
   */
  readonly rankings: readonly ArrayLike<number>[]
}

/** What a ranker is distilled from, and how. */
export interface DistillRankerOptions extends TaughtQueries {
  /** What computes; stays open. */
  readonly engine: Engine
  /** Features of the training pictures, of the same kind as those of the queries. */
  readonly train: Matrix
  /**
   * Held-out queries. Where they are given, the ranker of the epoch with the least loss on them is kept.
   * Default: none, the last epoch's is kept.
   */
  readonly validation?: TaughtQueries & {
    /** How many of the teacher's first count as relevant in the agreement. Default: a tenth of a ranking. */
    readonly k?: number
  }
  /** Outputs of the hidden layers. Default: 768, 768, 768 */
  readonly hidden?: readonly number[]
  /** Numbers of an embedding. Default: 768 */
  readonly outputs?: number
  /** Whether features pass a layer normalisation first. Default: false */
  readonly normalizeInputs?: boolean
  /**
   * `a` before training. FastGDA begins at 1, where a query's likeness to itself means the least influence;
   * training may not turn that round. Default: -1, the other sign
   */
  readonly initialScale?: number
  /** Share of hidden values that each step leaves out, in [0, 1). Default: 0.1 */
  readonly dropout?: number
  /**
   * Probability that a step's training picture is replaced by one outside of the query's ranking, taught to
   * be the worst, in [0, 1). Without effect where rankings hold all pictures. Default: 0.1
   */
  readonly randomWorst?: number
  /** Pairs a step. Default: 4,096 */
  readonly batchSize?: number
  /** How often every pair of a query and a ranked picture comes. Default: 10 */
  readonly epochs?: number
  /** Default: 0.001 */
  readonly learningRate?: number
  /** Every step shrinks all weights by this times the learning rate. Default: 0.01 */
  readonly weightDecay?: number
  /** Of weights, order, dropout and replacements. Default: 0 */
  readonly seed?: number | string
  /** Where to begin; its layers take the place of `hidden`, `outputs` and `normalizeInputs`. Default: random. */
  readonly initial?: DistilledRanker
  /** Told of every epoch. */
  readonly onEpoch?: (epoch: DistillationEpoch) => void
  readonly signal?: AbortSignal
}

/** One pass over all pairs. */
export interface DistillationEpoch {
  /** Counted from 1. */
  readonly epoch: number
  /** Mean loss of its steps, each before the step. */
  readonly loss: number
  /** On held-out queries after it; null where there are none. */
  readonly validation: { readonly loss: number; readonly agreement: TeacherAgreement } | null
}

/** A ranker, and how it came about. */
export interface DistillationResult {
  readonly ranker: DistilledRanker
  /** The epoch after which it was kept. */
  readonly epoch: number
  readonly epochs: readonly DistillationEpoch[]
}

import type { Measure } from '@assay/core'

/** Where one query's exemplars stand. */
export interface ExemplarRanks {
  /** Id of the query, or its row number. */
  readonly id: string
  readonly model: string
  readonly split: string
  readonly promptType: string
  /** Queries of one cluster are not independent. */
  readonly cluster: string
  /** Ranks of the exemplars of its model, from 1, in increasing order. */
  readonly ranks: readonly number[]
  /** Pictures of the pool that they were ranked among. */
  readonly others: number
}

/** What rows of a table are made by. */
export type RetrievalField = 'split' | 'promptType' | 'exemplars'

/** A measure beside the best that it could be and what a random order gives. */
export interface RetrievalMeasure extends Measure {
  /** Mean of min(k, E) / E for recall; 1 for the others. */
  readonly ceiling: number
  readonly chance: number
}

/** One row of a table: the measures of the queries of one kind. */
export interface RetrievalRow {
  /** The values of the fields that the table is made by, for instance `{ split: 'test' }`. */
  readonly group: Readonly<Partial<Record<RetrievalField, string>>>
  readonly queries: number
  readonly models: number
  /** Exemplars of a model. */
  readonly exemplars: { readonly least: number; readonly mean: number; readonly most: number }
  /** Recall@k and hit@k by k, then mAP; unit `share`. */
  readonly measures: readonly RetrievalMeasure[]
}

/** Something to know about the figures. */
export interface EvaluationWarning {
  readonly code: string
  readonly count: number
  readonly message: string
}

/** What `evaluateExemplars` finds. */
export interface ExemplarEvaluation {
  /** One row for each split and prompt type and, where there are several, one for all queries. */
  readonly table: readonly RetrievalRow[]
  /** Every query, for paired comparisons and other tables. */
  readonly queries: readonly ExemplarRanks[]
  readonly cutoffs: readonly number[]
  /** Pictures of the pool that were ranked for every query. */
  readonly poolSize: number
  readonly warnings: readonly EvaluationWarning[]
}

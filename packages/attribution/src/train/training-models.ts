import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { rowNorms } from '@assay/core/linear-algebra'
import { resolveModels } from '../evaluation/resolve-models.js'
import type { TunedModel } from '../evaluation/tuned-model.js'
import { featuresFromMatrix } from '../features/features-from-matrix.js'

/** Features of customised models' exemplars and of the pictures that they drew. */
export interface ModelFeatures {
  /** Features of real pictures; the exemplars are among them. */
  readonly exemplars: Matrix
  /** Features of generated pictures, of the same encoder. */
  readonly queries: Matrix
}

/** One model, its pictures known by their rows. */
export interface TrainingModel {
  readonly exemplars: readonly number[]
  readonly queries: readonly number[]
}

/**
 * Models by rows, checked to be fit for contrastive learning: every row has a direction, and no exemplar
 * belongs to two models, which would be taught to be each other's negatives.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH` (exemplars and
 *   queries of two kinds), `NOT_FINITE`, `ZERO_VECTOR` with the row, and what `resolveModels` throws
 */
export function trainingModels(
  models: readonly TunedModel[],
  { exemplars, queries }: ModelFeatures,
): readonly TrainingModel[] {
  assertOneKind(exemplars, queries)
  const resolved = resolveModels({
    models,
    exemplars: featuresFromMatrix(exemplars),
    queries: featuresFromMatrix(queries),
  })
  const rows = resolved.models.map(({ exemplarRows }) => ({
    exemplars: exemplarRows,
    queries: [] as number[],
  }))
  for (const { model, row } of resolved.queries) rows[model]?.queries.push(row)
  assertNotShared(models, rows)
  return rows
}

/** Throws unless both are of one space, all raw or all normalised, and every row has a direction. */
export function assertOneKind(one: Matrix, other: Matrix): void {
  assertComparable(one, other)
  if (one.normalized !== other.normalized) {
    throw new AssayError({
      code: 'NORMALIZATION_MISMATCH',
      message: 'Some of the features to learn from are normalised and others are not.',
      value: [one.normalized, other.normalized],
      remedy: 'Embed real and generated pictures in the same way.',
    })
  }
  rowNorms(one)
  rowNorms(other)
}

function assertNotShared(models: readonly TunedModel[], rows: readonly TrainingModel[]): void {
  const modelOf = new Map<number, number>()
  for (const [model, { exemplars }] of rows.entries()) {
    for (const row of exemplars) {
      const other = modelOf.get(row)
      modelOf.set(row, model)
      if (other === undefined) continue
      const names = [models[other]?.id, models[model]?.id]
      throw new AssayError({
        code: 'DUPLICATE_ID',
        message: `The exemplar in row ${row} belongs to ${names.join(' and to ')}, which would become each other's negatives.`,
        value: row,
        remedy: 'Make one model of the two, or leave one out.',
        location: { row },
      })
    }
  }
}

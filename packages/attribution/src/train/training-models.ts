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
 *   queries of two kinds), `NOT_FINITE`, `ZERO_VECTOR`, `INVALID_ARGUMENT` (a row too long or too short
 *   for float32) with the row, and what `resolveModels` throws
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

/**
 * Throws unless a pool is of the same kind as exemplars and holds none of the models'.
 *
 * @throws AssayError as `trainingModels`, and `DUPLICATE_ID` where an exemplar is in the pool
 */
export function assertPool(
  pool: Matrix,
  exemplars: Matrix,
  models: readonly TrainingModel[],
): void {
  assertOneKind(exemplars, pool)
  const own = new Set(models.flatMap((model) => model.exemplars.map((row) => exemplars.ids?.[row])))
  const row = pool.ids?.findIndex((id) => own.has(id)) ?? -1
  if (row < 0) return
  const id = pool.ids?.[row] ?? String(row)
  throw new AssayError({
    code: 'DUPLICATE_ID',
    message: `The exemplar ${JSON.stringify(id)} is in the pool too, where it would count as wrong.`,
    value: id,
    remedy: 'Leave exemplars out of the pool (selectRows).',
    location: { row, id },
  })
}

/** Lengths of rows whose squares float32 can hold. */
const shortest = 1e-15
const longest = 1e15

/**
 * Throws unless both are of one space, all raw or all normalised, and every row has a direction that
 * training in float32 can see.
 *
 * @throws AssayError as `trainingModels`
 */
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
  assertLengths(one)
  assertLengths(other)
}

function assertLengths(matrix: Matrix): void {
  const lengths = rowNorms(matrix)
  const row = lengths.findIndex((length) => length < shortest || length > longest)
  if (row < 0) return
  const id = matrix.ids?.[row] ?? String(row)
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The features of ${JSON.stringify(id)} have length ${lengths[row]}, whose square float32 cannot hold.`,
    value: lengths[row],
    remedy: 'Scale all features by one factor.',
    location: { row, id },
  })
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

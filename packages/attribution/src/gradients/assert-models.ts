import { AssayError } from '@assay/core'
import type { GradientModel, GradientSet, ProjectionRecord } from './gradient-set.js'

const mismatch = (message: string, value: unknown, remedy: string) =>
  new AssayError({ code: 'SHAPE_MISMATCH', message, value, remedy })

/**
 * Throws where two records differ in anything that both know: inner products of such gradients mean
 * nothing.
 *
 * @throws AssayError `FINGERPRINT_MISMATCH`
 */
export function assertSameProjection(one: ProjectionRecord, other: ProjectionRecord): void {
  for (const key of ['dimension', 'type', 'seed', 'output', 'timesteps', 'normalized'] as const) {
    if (one[key] === other[key] || one[key] === null || other[key] === null) continue
    throw new AssayError({
      code: 'FINGERPRINT_MISMATCH',
      message: `Gradients with ${key} ${JSON.stringify(one[key])} cannot be used with gradients with ${key} ${JSON.stringify(other[key])}.`,
      value: [one[key], other[key]],
      remedy: 'Project the gradients of all pictures and models in the same way, with one seed.',
    })
  }
}

function assertSameIds(one: GradientSet, other: GradientSet, what: string): void {
  const [a, b] = [one.rows.ids ?? null, other.rows.ids ?? null]
  if (one.rows.rows !== other.rows.rows) {
    const counts = [one.rows.rows, other.rows.rows]
    throw mismatch(`Two models have ${counts.join(' and ')} ${what}.`, counts, sameItems)
  }
  const row = a && b ? a.findIndex((id, at) => id !== b[at]) : -1
  if (row < 0) return
  const pair = [a?.[row], b?.[row]]
  throw mismatch(
    `Row ${row} of the ${what} of two models is ${pair.join(' and ')}.`,
    pair,
    sameItems,
  )
}

const sameItems = 'Give every model the gradients of the same pictures, in the same order.'

function assertValues(
  { id, train }: GradientModel,
  name: string,
  values: ArrayLike<number> | undefined,
): void {
  if (!values) return
  if (values.length !== train.rows.rows) {
    const message = `Model ${id} has ${values.length} ${name} for ${train.rows.rows} training gradients.`
    throw mismatch(message, values.length, 'Give one for each training picture.')
  }
  const row = Array.prototype.findIndex.call(values, (value: number) => !Number.isFinite(value))
  if (row < 0) return
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `Model ${id}, ${name}: row ${row} is ${values[row]}.`,
    value: values[row],
    remedy: 'Compute it again in float32, or leave this picture out.',
    location: { row, id: train.rows.ids?.[row] ?? String(row) },
  })
}

function assertColumns({ id, train, query }: GradientModel): void {
  for (const { rows, projection } of [train, query]) {
    if (rows.rows === 0) {
      throw new AssayError({
        code: 'EMPTY_INPUT',
        message: `Model ${id} has a set of gradients without rows.`,
        value: 0,
        remedy: 'Give at least one training gradient and one query gradient.',
      })
    }
    const wanted = [train.rows.columns, projection?.dimension ?? rows.columns]
    if (wanted.every((columns) => columns === rows.columns)) continue
    const message = `Model ${id} has gradients of ${rows.columns} columns where ${wanted.find((columns) => columns !== rows.columns)} belong.`
    throw mismatch(message, rows.columns, 'Project all gradients to the same number of columns.')
  }
}

/**
 * Throws unless the models can be scored together: distinct ids, the same pictures, one projection.
 *
 * @returns the models, of which there is at least one
 * @throws AssayError `EMPTY_INPUT`, `DUPLICATE_ID`, `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NOT_FINITE`
 */
export function assertModels(
  models: readonly GradientModel[],
): readonly [GradientModel, ...GradientModel[]] {
  const [first, ...others] = models
  if (!first) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no model to score with.',
      value: 0,
      remedy: 'Give the gradients of at least one model.',
    })
  }
  const ids = new Set<string>()
  const known: ProjectionRecord[] = []
  for (const model of models) {
    if (ids.has(model.id)) throw repeated(model.id)
    ids.add(model.id)
    assertColumns(model)
    assertSameIds(first.train, model.train, 'training pictures')
    assertSameIds(first.query, model.query, 'queries')
    assertValues(model, 'outputToLoss', model.outputToLoss)
    assertValues(model, 'residuals', model.residuals)
    for (const { projection } of [model.train, model.query]) if (projection) known.push(projection)
  }
  // Each with each: what one does not know, the next may.
  known.forEach((one, at) => {
    for (const other of known.slice(at + 1)) assertSameProjection(one, other)
  })
  return [first, ...others]
}

const repeated = (id: string) =>
  new AssayError({
    code: 'DUPLICATE_ID',
    message: `The id ${JSON.stringify(id)} names two models.`,
    value: id,
    remedy: 'Give every model an id of its own.',
  })

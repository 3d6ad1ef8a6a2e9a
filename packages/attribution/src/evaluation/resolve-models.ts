import { AssayError } from '@assay/core'
import type { FeatureSource } from '../features/feature-source.js'
import type { RowName, TunedModel } from './tuned-model.js'

/** A model whose exemplars are known by their row. */
export interface ResolvedModel {
  readonly model: TunedModel
  readonly exemplarRows: readonly number[]
}

/** A picture that a model drew. */
export interface ResolvedQuery {
  /** Number of its model. */
  readonly model: number
  readonly row: number
  readonly promptType: string
}

/** Whom to ask, and for what. */
export interface ResolvedModels {
  readonly models: readonly ResolvedModel[]
  readonly queries: readonly ResolvedQuery[]
}

/**
 * The rows that models name, checked.
 *
 * @throws AssayError `EMPTY_INPUT` (no model, or one without exemplars or queries), `DUPLICATE_ID` (a
 *   model, one of its exemplars or a query that stands twice), `INVALID_ARGUMENT` (no such row)
 */
export function resolveModels(options: {
  readonly models: readonly TunedModel[]
  readonly exemplars: FeatureSource
  readonly queries: FeatureSource
}): ResolvedModels {
  assertFilled(options.models, 'The list of tuned models')
  assertDistinct(
    options.models.map(({ id }) => id),
    'tuned model',
  )
  const exemplarRow = rowFinder(options.exemplars, 'exemplars')
  const queryRow = rowFinder(options.queries, 'queries')
  const queries: ResolvedQuery[] = []
  const models = options.models.map((model, number) => {
    assertFilled(model.exemplars, `The list of exemplars of ${JSON.stringify(model.id)}`)
    const exemplarRows = model.exemplars.map(exemplarRow)
    assertDistinct(exemplarRows, `exemplar of ${JSON.stringify(model.id)}`)
    const drawn = Object.entries(model.queries).flatMap(([promptType, names]) =>
      names.map((name) => ({ model: number, row: queryRow(name), promptType })),
    )
    assertFilled(drawn, `The list of queries of ${JSON.stringify(model.id)}`)
    queries.push(...drawn)
    return { model, exemplarRows }
  })
  assertDistinct(
    queries.map(({ row }) => row),
    'query',
  )
  return { models, queries }
}

function rowFinder({ ids, rows }: FeatureSource, what: string) {
  const rowById = new Map(ids?.map((id, row) => [id, row]))
  return (name: RowName): number => {
    const row = typeof name === 'string' ? rowById.get(name) : name
    if (row !== undefined && Number.isInteger(row) && row >= 0 && row < rows) return row
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `There is no row ${JSON.stringify(name)} among the features of the ${what}.`,
      value: name,
      remedy: `Name a row by its id, or by its number from 0 to ${rows - 1}.`,
    })
  }
}

function assertFilled(list: readonly unknown[], what: string): void {
  if (list.length > 0) return
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: `${what} is empty.`,
    value: 0,
    remedy: 'Leave this model out, or give what it lacks.',
  })
}

function assertDistinct(names: readonly RowName[], what: string): void {
  const seen = new Set<RowName>()
  for (const name of names) {
    if (seen.has(name)) {
      throw new AssayError({
        code: 'DUPLICATE_ID',
        message: `The ${what} ${JSON.stringify(name)} stands twice.`,
        value: name,
        remedy: 'Name each once.',
      })
    }
    seen.add(name)
  }
}

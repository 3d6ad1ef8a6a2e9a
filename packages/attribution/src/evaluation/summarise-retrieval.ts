import { AssayError } from '@assay/core'
import { clusteredMeanInterval, meanAndVariance } from '@assay/core/statistics'
import type {
  ExemplarRanks,
  RetrievalField,
  RetrievalMeasure,
  RetrievalRow,
} from './exemplar-evaluation.js'
import { type RetrievalDefinition, retrievalMeasures } from './retrieval-measures.js'

/** What a table is made of. */
export interface SummariseRetrievalOptions {
  readonly queries: readonly ExemplarRanks[]
  /** The k of recall@k and hit@k. Default: 5, 10, 100 */
  readonly cutoffs?: readonly number[]
  /** Fields that the rows are made by. Default: split and prompt type */
  readonly by?: readonly RetrievalField[]
  /** Confidence level of the intervals. Default: 0.95 */
  readonly level?: number
}

/** The k of the paper's tables. */
export const paperCutoffs: readonly number[] = [5, 10, 100]

/**
 * A table of retrieval measures: a row for each value of the fields, in the order in which they first
 * appear, and a last one for all queries where there are several. Figures are means over queries;
 * intervals are clustered, by model or by what the model names as its cluster.
 *
 * @throws AssayError `EMPTY_INPUT` (no query), `INVALID_ARGUMENT` (cutoffs, level)
 */
export function summariseRetrieval(options: SummariseRetrievalOptions): RetrievalRow[] {
  const { queries, by = ['split', 'promptType'], cutoffs = paperCutoffs, level = 0.95 } = options
  const definitions = retrievalMeasures(cutoffs)
  return groupQueries(queries, by).map(({ group, members }) => ({
    group,
    queries: members.length,
    models: new Set(members.map(({ model }) => model)).size,
    exemplars: exemplarCounts(members),
    measures: definitions.map((definition) => measureOf(definition, members, level)),
  }))
}

/** Queries that make one row of a table. */
export interface QueryGroup<Query extends ExemplarRanks> {
  readonly group: RetrievalRow['group']
  readonly members: readonly Query[]
}

/** The queries by the values of some fields and, where there are several groups, all in one. */
export function groupQueries<Query extends ExemplarRanks>(
  queries: readonly Query[],
  by: readonly RetrievalField[],
): QueryGroup<Query>[] {
  if (queries.length === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There are no queries to make a table of.',
      value: 0,
      remedy: 'Give at least one query with the ranks of its exemplars.',
    })
  }
  const groups = new Map<string, { group: RetrievalRow['group']; members: Query[] }>()
  for (const query of queries) {
    const values = by.map((field) => [field, fieldOf(query, field)] as const)
    const key = JSON.stringify(values)
    const found = groups.get(key)
    if (found) found.members.push(query)
    else groups.set(key, { group: Object.fromEntries(values), members: [query] })
  }
  const all = groups.size > 1 ? [{ group: {}, members: queries }] : []
  return [...groups.values(), ...all]
}

const fieldOf = (query: ExemplarRanks, field: RetrievalField) =>
  field === 'exemplars' ? String(query.ranks.length) : query[field]

function exemplarCounts(queries: readonly ExemplarRanks[]): RetrievalRow['exemplars'] {
  const counts = [...new Map(queries.map(({ model, ranks }) => [model, ranks.length])).values()]
  const least = counts.reduce((a, b) => Math.min(a, b))
  const most = counts.reduce((a, b) => Math.max(a, b))
  return { least, mean: meanAndVariance(counts).mean, most }
}

function measureOf(
  { id, of, ceiling, chance }: RetrievalDefinition,
  queries: readonly ExemplarRanks[],
  level: number,
): RetrievalMeasure {
  const values = queries.map(of)
  const clusters = queries.map(({ cluster }) => cluster)
  const interval = clusteredMeanInterval(values, clusters, { level, range: [0, 1] })
  return {
    id,
    unit: 'share',
    value: meanAndVariance(values).mean,
    n: queries.length,
    missing: 0,
    interval,
    ceiling: meanAndVariance(queries.map(ceiling)).mean,
    chance: meanAndVariance(queries.map(chance)).mean,
    ...(interval === null && { reason: noInterval }),
  }
}

/** Why there is no interval over clusters. */
export const noInterval = 'Fewer than two clusters, or no spread between them: no honest interval.'

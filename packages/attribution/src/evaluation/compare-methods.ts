import { AssayError, type Interval } from '@assay/core'
import { clusteredMeanInterval, meanAndVariance } from '@assay/core/statistics'
import type {
  ExemplarEvaluation,
  ExemplarRanks,
  RetrievalField,
  RetrievalRow,
} from './exemplar-evaluation.js'
import { type RetrievalDefinition, retrievalMeasures } from './retrieval-measures.js'
import { groupQueries, noInterval } from './summarise-retrieval.js'

/** A feature space, with or without a head, and what `evaluateExemplars` found with it. */
export interface EvaluatedMethod {
  readonly name: string
  readonly evaluation: ExemplarEvaluation
}

/** What is compared. */
export interface CompareMethodsOptions {
  /** At least two methods that answered the same queries among pools of one size. */
  readonly methods: readonly EvaluatedMethod[]
  /** Name of the method that the others are compared with. Default: the first */
  readonly baseline?: string
  /** The k of recall@k and hit@k. Default: the cutoffs of the first evaluation */
  readonly cutoffs?: readonly number[]
  /** Fields that the rows are made by. Default: split and prompt type */
  readonly by?: readonly RetrievalField[]
  /** Confidence level of each interval by itself. Default: 0.95 */
  readonly level?: number
}

/** One measure of several methods on the same queries. */
export interface ComparedMeasure {
  readonly id: string
  readonly ceiling: number
  readonly chance: number
  readonly methods: readonly ComparedValue[]
}

/** One method's figure, and how it differs from the baseline's. */
export interface ComparedValue {
  readonly name: string
  readonly value: number
  readonly interval: Interval | null
  /** Null for the baseline itself. */
  readonly difference: {
    /** Mean over queries of this method's value less the baseline's. */
    readonly value: number
    /** Of the paired differences, clustered; null where none is honest, and `reason` says why. */
    readonly interval: Interval | null
    readonly reason?: string
  } | null
}

/** One row of the table: queries of one kind. */
export interface ComparedRow extends Pick<RetrievalRow, 'group' | 'queries' | 'models'> {
  readonly measures: readonly ComparedMeasure[]
}

/** Feature spaces and heads side by side. */
export interface MethodComparison {
  readonly baseline: string
  readonly rows: readonly ComparedRow[]
}

/**
 * Methods side by side on the same queries, for instance before and after training a head, or one
 * encoder against another: for each row the value of each method and its paired difference from the
 * baseline, with an interval clustered by model. Intervals are not corrected for their number.
 *
 * @throws AssayError `INVALID_ARGUMENT` (fewer than two methods, an unknown baseline, other queries, other
 *   exemplar counts or pool sizes), `DUPLICATE_ID` (a name that stands twice)
 */
export function compareMethods(options: CompareMethodsOptions): MethodComparison {
  const { methods, by = ['split', 'promptType'], level = 0.95 } = options
  const { cutoffs, baseline } = { ...defaultsOf(methods), ...options }
  assertNames(methods, baseline)
  const definitions = retrievalMeasures(cutoffs)
  const rows = groupQueries(alignQueries(methods), by).map(({ group, members }) => ({
    group,
    queries: members.length,
    models: new Set(members.map(({ model }) => model)).size,
    measures: definitions.map((definition) =>
      compareMeasure({ definition, queries: members, methods, baseline, level }),
    ),
  }))
  return { baseline, rows }
}

/** A query with what each method found for it, in the order of the methods. */
interface AlignedQuery extends ExemplarRanks {
  readonly byMethod: readonly ExemplarRanks[]
}

function compareMeasure(compared: {
  readonly definition: RetrievalDefinition
  readonly queries: readonly AlignedQuery[]
  readonly methods: readonly EvaluatedMethod[]
  readonly baseline: string
  readonly level: number
}): ComparedMeasure {
  const { definition, queries, methods, baseline, level } = compared
  const clusters = queries.map(({ cluster }) => cluster)
  const valuesOf = (method: number) =>
    queries.map(({ byMethod }) => definition.of(byMethod[method]!))
  const base = valuesOf(methods.findIndex(({ name }) => name === baseline))
  const values = methods.map(({ name }, method): ComparedValue => {
    const own = valuesOf(method)
    const differences = own.map((value, query) => value - base[query]!)
    const interval = clusteredMeanInterval(differences, clusters, { level, range: [-1, 1] })
    const difference = {
      value: meanAndVariance(differences).mean,
      interval,
      ...(interval === null && { reason: noInterval }),
    }
    return {
      name,
      value: meanAndVariance(own).mean,
      interval: clusteredMeanInterval(own, clusters, { level, range: [0, 1] }),
      difference: name === baseline ? null : difference,
    }
  })
  return {
    id: definition.id,
    ceiling: meanAndVariance(queries.map(definition.ceiling)).mean,
    chance: meanAndVariance(queries.map(definition.chance)).mean,
    methods: values,
  }
}

/** The first method's queries, each with its ranks by every method. */
function alignQueries(methods: readonly EvaluatedMethod[]): AlignedQuery[] {
  const lists = methods.map(({ evaluation: { queries } }) => {
    const byKey = new Map(queries.map((query) => [keyOf(query), query]))
    return { byKey, count: queries.length }
  })
  const queries = methods[0]?.evaluation.queries ?? []
  return queries.map((query) => {
    const byMethod = lists.map(({ byKey, count }, method) => {
      const found = byKey.get(keyOf(query))
      if (found && count === queries.length && isSameTask(found, query)) return found
      throw invalid(
        `The method ${JSON.stringify(methods[method]?.name)} did not answer the same queries among as many others: ${JSON.stringify(query.id)} of ${JSON.stringify(query.model)}.`,
        'Evaluate all methods with the same models, exemplars, pictures and pool.',
        query.id,
      )
    })
    return { ...query, byMethod }
  })
}

const keyOf = ({ model, id }: ExemplarRanks) => JSON.stringify([model, id])

const isSameTask = (one: ExemplarRanks, other: ExemplarRanks) =>
  one.ranks.length === other.ranks.length && one.others === other.others

function defaultsOf([first, second]: readonly EvaluatedMethod[]) {
  if (first && second) return { cutoffs: first.evaluation.cutoffs, baseline: first.name }
  throw invalid('There are fewer than two methods to compare.', 'Give two or more methods.', null)
}

function assertNames(methods: readonly EvaluatedMethod[], baseline: string): void {
  const names = methods.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) {
    throw new AssayError({
      code: 'DUPLICATE_ID',
      message: `Two methods are called ${JSON.stringify(twice)}.`,
      value: twice,
      remedy: 'Give every method a name of its own.',
    })
  }
  if (names.includes(baseline)) return
  throw invalid(
    `There is no method ${JSON.stringify(baseline)} to compare with.`,
    `Name one of ${names.map((name) => JSON.stringify(name)).join(', ')}.`,
    baseline,
  )
}

const invalid = (message: string, remedy: string, value: unknown) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })

import { scoreRows } from '../scores/score-rows.js'
import { selectUnitRows, type UnitViews } from '../scores/unit-rows.js'
import type { PoolDuplicates } from './pool-duplicates.js'
import { createRankCounter, type RankCounter } from './rank-counter.js'
import type { RankExemplarsOptions } from './rank-exemplars.js'

/** One query while the pool goes by. */
export interface Trial {
  /** Its row among the queries' features. */
  readonly row: number
  readonly counter: RankCounter
  /** How many rows of the pool do not count as others, since they show what an exemplar shows. */
  readonly duplicates: number
}

/** One model's exemplars and their duplicates in the pool. */
interface ModelRows {
  readonly exemplars: UnitViews
  readonly duplicates: UnitViews | null
  /** Numbers among `duplicates` of those of each exemplar. */
  readonly ofExemplar: readonly (readonly number[])[]
}

/** The queries, each with its own exemplars' scores to count the pool against. */
export function createTrials(
  options: Pick<
    RankExemplarsOptions,
    'models' | 'queries' | 'queryRows' | 'exemplarRows' | 'duplicates'
  >,
): Trial[] {
  const { queryRows: matrix, exemplarRows, duplicates } = options
  const models = options.models.map((model) => ({
    exemplars: selectUnitRows(exemplarRows, model.exemplarRows),
    ...duplicatesOf(model.exemplarRows, duplicates),
  }))
  return options.queries.map(({ model, row }) =>
    createTrial({ matrix, row }, models[model]!, duplicates?.standIn ?? false),
  )
}

function createTrial(
  query: { readonly matrix: RankExemplarsOptions['queryRows']; readonly row: number },
  { exemplars, duplicates, ofExemplar }: ModelRows,
  standIn: boolean,
): Trial {
  const own = scoreRows(query, exemplars)
  const copies = duplicates ? scoreRows(query, duplicates) : new Float64Array()
  const best = own.map((score, exemplar) =>
    (ofExemplar[exemplar] ?? []).reduce((most, copy) => Math.max(most, copies[copy]!), score),
  )
  const counter = createRankCounter(standIn ? best : own)
  // The pool is counted whole; its duplicates are taken back here.
  counter.count({ scores: copies, weight: -1 })
  return { row: query.row, counter, duplicates: copies.length }
}

function duplicatesOf(
  exemplarRows: readonly number[],
  found: PoolDuplicates | null,
): Pick<ModelRows, 'duplicates' | 'ofExemplar'> {
  const lists = exemplarRows.map((row) => found?.ofExemplar.get(row) ?? [])
  const rows = [...new Set(lists.flat())]
  if (found === null || rows.length === 0) return { duplicates: null, ofExemplar: [] }
  const place = new Map(rows.map((row, at) => [row, at]))
  return {
    duplicates: selectUnitRows(found.rows, rows),
    ofExemplar: lists.map((list) => list.flatMap((row) => place.get(row) ?? [])),
  }
}

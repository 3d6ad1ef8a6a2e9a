import { AssayError, type Engine, type Matrix, selectRows } from '@assay/core'
import { meanAveragePrecision, relevantRanks } from '@assay/metrics'
import type { RowProduct } from '../evaluation/row-product.js'
import type { AttributionHead } from '../head/attribution-head.js'
import { engineRowProduct } from './engine-row-product.js'
import type { HeadEvaluation } from './fit-attribution-head-options.js'
import { openHead } from './open-head.js'
import { assertPool, type ModelFeatures, type TrainingModel } from './training-models.js'

/** What is held out, by name. */
export interface HeldOutOptions extends ModelFeatures {
  readonly engine: Engine
  readonly training: readonly TrainingModel[]
  readonly sets: ReadonlyMap<string, readonly TrainingModel[]>
  readonly pool: Matrix | null
  readonly signal?: AbortSignal | undefined
}

/** Measures heads on held-out pictures. */
export interface HeldOut {
  evaluate(head: AttributionHead, step: number): Promise<HeadEvaluation>
  close(): Promise<void>
}

/** A set, its rows gathered. */
interface HeldOutSet {
  readonly name: string
  readonly queries: Matrix
  /** The exemplars of all models of the set, then the pool. */
  readonly keys: Matrix
  /** Numbers among the keys of each query's exemplars. */
  readonly relevant: readonly (readonly number[])[]
}

const queriesAtOnce = 256

/**
 * Prepares held-out sets. A head is measured by the mean average precision with which each query finds
 * its model's exemplars among those of all models of its set, and the pool.
 *
 * @throws AssayError `EMPTY_INPUT` without sets, `DUPLICATE_ID` where a picture is also learned from,
 *   and what `assertPool` throws
 */
export async function openHeldOut(options: HeldOutOptions): Promise<HeldOut> {
  const { engine, exemplars, pool, signal } = options
  assertHeldOut(options)
  if (pool) assertPool(pool, exemplars, [...options.sets.values()].flat())
  const sets = [...options.sets].map(([name, models]) => gatherSet(name, models, options))
  const { product, close } = await engineRowProduct(engine)
  return {
    async evaluate(head, step) {
      const values: [string, number][] = []
      for (const set of sets)
        values.push([set.name, await precisionOf(head, set, { engine, product, signal })])
      const sum = values.reduce((total, [, value]) => total + value, 0)
      return { step, meanAveragePrecision: sum / values.length, sets: Object.fromEntries(values) }
    },
    close,
  }
}

function gatherSet(
  name: string,
  models: readonly TrainingModel[],
  { exemplars, queries, pool }: HeldOutOptions,
): HeldOutSet {
  let first = 0
  const relevant = models.flatMap((model) => {
    const own = model.exemplars.map((_, at) => first + at)
    first += own.length
    return model.queries.map(() => own)
  })
  const own = models.flatMap((model) => model.exemplars)
  const drawn = models.flatMap((model) => model.queries)
  // The pool may have the same ids.
  const keys = { ...selectRows(exemplars, own), ids: null }
  return {
    name,
    queries: selectRows(queries, drawn),
    keys: pool ? stacked(keys, pool) : keys,
    relevant,
  }
}

function stacked(one: Matrix, other: Matrix): Matrix {
  const data = new Float32Array(one.data.length + other.data.length)
  data.set(one.data)
  data.set(other.data, one.data.length)
  return { ...one, data, rows: one.rows + other.rows }
}

async function precisionOf(
  head: AttributionHead,
  set: HeldOutSet,
  { engine, product, signal }: Pick<HeldOutOptions, 'engine' | 'signal'> & { product: RowProduct },
): Promise<number> {
  const mapped = async (side: 'real' | 'synthetic', features: Matrix) => {
    const settings = signal ? { signal } : {}
    const opened = await openHead({ head, side, engine, ...settings })
    return opened.map(features, settings).finally(() => opened.close())
  }
  const keys = await mapped('real', set.keys)
  const queries = await mapped('synthetic', set.queries)
  const ranks: number[][] = []
  for (let first = 0; first < queries.rows; first += queriesAtOnce) {
    const block = rowsFrom(queries, first, queriesAtOnce)
    const cosines = await product(block, keys)
    for (let at = 0; at < block.rows; at++) {
      const scores = cosines.subarray(at * keys.rows, (at + 1) * keys.rows)
      ranks.push(ranksAmong(scores, set.relevant[first + at] ?? []))
    }
  }
  return meanAveragePrecision(ranks)
}

/** A view of some rows, without ids. */
function rowsFrom(matrix: Matrix, first: number, count: number): Matrix {
  const { columns } = matrix
  const rows = Math.min(count, matrix.rows - first)
  const data = matrix.data.subarray(first * columns, (first + rows) * columns)
  return { ...matrix, ids: null, rows, data }
}

function ranksAmong(scores: Float32Array, own: readonly number[]): number[] {
  const isOwn = new Set(own)
  return relevantRanks({
    relevant: own.map((at) => scores[at] ?? Number.NaN),
    others: scores.filter((_, at) => !isOwn.has(at)),
  })
}

function assertHeldOut({ training, sets, queries }: HeldOutOptions): void {
  if (sets.size === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no held-out set to validate on.',
      value: 0,
      remedy: 'Give at least one under validation.sets, or leave validation out.',
    })
  }
  const learned = new Set(training.flatMap((model) => model.queries))
  for (const [name, models] of sets) {
    const row = models.flatMap((model) => model.queries).find((query) => learned.has(query))
    if (row === undefined) continue
    throw new AssayError({
      code: 'DUPLICATE_ID',
      message: `The query ${JSON.stringify(queries.ids?.[row] ?? row)} of the held-out ${name} is also learned from.`,
      value: queries.ids?.[row] ?? row,
      remedy: 'Hold pictures out by splitHeldOut, or leave them out of the models to learn from.',
      location: { row },
    })
  }
}

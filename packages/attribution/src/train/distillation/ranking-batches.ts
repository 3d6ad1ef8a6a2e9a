import { createRandom, type Matrix, type Random, type Tensor } from '@assay/core'
import type { Batch } from '@assay/tensor/train'
import type { TaughtQueries } from './distill-ranker-options.js'
import { maskName, type PairSide } from './ranker-graph.js'

/** Which pairs make the batches, and what is done to them. */
export interface RankingBatchesOptions extends TaughtQueries {
  readonly train: Matrix
  readonly batchSize: number
  readonly epochs: number
  readonly dropout: number
  readonly randomWorst: number
  /** Outputs of each hidden layer. */
  readonly hidden: readonly number[]
  readonly seed: number | string
}

/** A query, a training picture and where the teacher ranks it, as a share of the ranking. */
interface Pair {
  readonly query: number
  readonly item: number
  readonly target: number
}

/** Steps in an epoch. */
export const stepsPerEpoch = ({ rankings, batchSize }: RankingBatchesOptions): number =>
  Math.ceil((rankings.length * (rankings[0]?.length ?? 0)) / batchSize)

/**
 * All pairs of a query and a ranked picture in random order, batch by batch, once an epoch. A pair's target
 * is its place in the ranking over the ranking's length. With probability `randomWorst` the picture is
 * replaced by one outside of the ranking, whose target is that of the last place.
 */
export function* rankingBatches(options: RankingBatchesOptions): Generator<Batch> {
  const { rankings, train, epochs, batchSize, randomWorst, seed } = options
  const places = rankings[0]?.length ?? 0
  const random = createRandom(seed)
  const [replacing, masking] = [random.fork('replacements'), random.fork('dropout')]
  const outsiders = new Outsiders(rankings, train.rows, replacing)
  const hasOutsiders = places < train.rows
  const pairOf = (pair: number): Pair => {
    const [query, place] = [Math.floor(pair / places), pair % places]
    if (hasOutsiders && randomWorst > 0 && replacing.uniform() < randomWorst) {
      return { query, item: outsiders.draw(query), target: (places - 1) / places }
    }
    return { query, item: rankings[query]![place]!, target: place / places }
  }
  const order = Uint32Array.from({ length: rankings.length * places }, (_, pair) => pair)
  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffleInPlace(order, random.fork(`order of epoch ${epoch}`))
    for (let start = 0; start < order.length; start += batchSize) {
      const pairs = Array.from(order.subarray(start, start + batchSize), pairOf)
      yield { ...gatherPairs(pairs, options), ...masksOf(pairs.length, options, masking) }
    }
  }
}

/** Fisher–Yates. */
function shuffleInPlace(values: Uint32Array, random: Random): void {
  for (let left = values.length; left > 1; left--) {
    const picked = random.integer(left)
    const last = values[left - 1]!
    values[left - 1] = values[picked]!
    values[picked] = last
  }
}

/** Training pictures outside of a query's ranking. */
class Outsiders {
  readonly #rankings: TaughtQueries['rankings']
  readonly #items: number
  readonly #random: Random
  /** Of each query what is ranked, or else, where that is most, what is not. */
  readonly #known = new Map<number, ReadonlySet<number> | Uint32Array>()

  constructor(rankings: TaughtQueries['rankings'], items: number, random: Random) {
    this.#rankings = rankings
    this.#items = items
    this.#random = random
  }

  draw(query: number): number {
    const known = this.#known.get(query) ?? this.#look(query)
    if (known instanceof Uint32Array) return known[this.#random.integer(known.length)]!
    for (;;) {
      const item = this.#random.integer(this.#items)
      if (!known.has(item)) return item
    }
  }

  #look(query: number): ReadonlySet<number> | Uint32Array {
    const ranked = new Set(Array.from(this.#rankings[query]!))
    const isMost = 2 * ranked.size > this.#items
    const all = Uint32Array.from({ length: isMost ? this.#items : 0 }, (_, item) => item)
    const known = isMost ? all.filter((item) => !ranked.has(item)) : ranked
    this.#known.set(query, known)
    return known
  }
}

function gatherPairs(
  pairs: readonly Pair[],
  { queries, train }: Pick<RankingBatchesOptions, 'queries' | 'train'>,
): Record<PairSide | 'target', Tensor> {
  const rowsOf = ({ data, columns }: Matrix, row: (pair: Pair) => number): Tensor => {
    const values = new Float32Array(pairs.length * columns)
    for (const [at, pair] of pairs.entries()) {
      const start = row(pair) * columns
      values.set(data.subarray(start, start + columns), at * columns)
    }
    return { type: 'float32', dims: [pairs.length, columns], data: values }
  }
  const targets = Float32Array.from(pairs, ({ target }) => target)
  return {
    query: rowsOf(queries, ({ query }) => query),
    item: rowsOf(train, ({ item }) => item),
    target: { type: 'float32', dims: [pairs.length], data: targets },
  }
}

function masksOf(
  rows: number,
  { hidden, dropout }: Pick<RankingBatchesOptions, 'hidden' | 'dropout'>,
  random: Random,
): Record<string, Tensor> {
  if (dropout === 0) return {}
  const sides = ['query', 'item'] as const
  const masks = sides.flatMap((side) =>
    hidden.map((outputs, layer) => {
      const data = keptAtRandom(rows * outputs, dropout, random)
      return [maskName(side, layer), { type: 'bool', dims: [rows, outputs], data }] as const
    }),
  )
  return Object.fromEntries(masks)
}

/**
 * Ones, but for zeros of independent probability `dropout`. The gaps between zeros are geometric, so that
 * only zeros cost a random number.
 */
function keptAtRandom(count: number, dropout: number, random: Random): Uint8Array {
  const kept = new Uint8Array(count).fill(1)
  const logKept = Math.log1p(-dropout)
  const gap = () => Math.floor(Math.log1p(-random.uniform()) / logKept)
  for (let at = gap(); at < count; at += 1 + gap()) kept[at] = 0
  return kept
}

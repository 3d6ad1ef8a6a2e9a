// How well untuned cosine finds the exemplars again: the paper's Recall@k and mean average precision.
import { normalizeRows } from '../../../packages/core/dist/linear-algebra.js'
import { clusteredMeanInterval } from '../../../packages/core/dist/statistics.js'

const LEAST_CLUSTERS = 10

/**
 * For each query the ranks of its own model's exemplars among them and the pool, ties against the exemplar.
 *
 * @param queries  `[{ row, exemplars: rows, model }]`, rows of `synth` and of `own`
 * @param excluded for each row of `own` the rows of the pool that do not count
 */
export function exemplarRanks({ queries, synth, own, pool, excluded = [] }) {
  const unit = { synth: normalizeRows(synth), own: normalizeRows(own), pool: normalizeRows(pool) }
  return queries.map(({ row, exemplars, model }) => {
    const query = rowOf(unit.synth, row)
    const left = new Set(exemplars.flatMap((at) => excluded[at] ?? []))
    const others = scores(unit.pool, query).filter((_, at) => !left.has(at))
    const found = exemplars.map((at) => product(rowOf(unit.own, at), query)).sort((a, b) => b - a)
    const ranks = found.map((score, better) => 1 + better + count(others, score))
    return { ranks, candidates: others.length + exemplars.length, model }
  })
}

/** Recall@k with its interval over models, its ceiling and its chance level; and the mean average precision. */
export function summarise(ranked, ks = [5, 10, 100]) {
  const models = ranked.map(({ model }) => model)
  const enough = new Set(models).size >= LEAST_CLUSTERS
  const recallAt = (k) => {
    const values = ranked.map(
      ({ ranks }) => ranks.filter((rank) => rank <= k).length / ranks.length,
    )
    const interval = enough ? clusteredMeanInterval(values, models, { range: [0, 1] }) : null
    return {
      k,
      recall: told(mean(values)),
      interval95: interval && [told(interval.low), told(interval.high)],
      ceiling: told(mean(ranked.map(({ ranks }) => Math.min(k, ranks.length) / ranks.length))),
      chance: told(mean(ranked.map(({ candidates }) => k / candidates))),
    }
  }
  const precisions = ranked.map(({ ranks }) => mean(ranks.map((rank, at) => (at + 1) / rank)))
  return {
    models: new Set(models).size,
    queries: ranked.length,
    recall: ks.map(recallAt),
    meanAveragePrecision: told(mean(precisions)),
  }
}

/** For each row of `own` the rows of the pool at this cosine or nearer. */
export function nearDuplicates(own, pool, threshold) {
  const [ownUnit, poolUnit] = [normalizeRows(own), normalizeRows(pool)]
  return own.ids.map((_, row) => {
    const values = scores(poolUnit, rowOf(ownUnit, row))
    return [...values.keys()].filter((at) => values[at] >= threshold)
  })
}

const rowOf = ({ data, columns }, row) => data.subarray(row * columns, (row + 1) * columns)

const product = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0)

function scores(matrix, query) {
  const { data, columns } = matrix
  return Float64Array.from({ length: data.length / columns }, (_, row) => {
    let sum = 0
    for (let at = 0, from = row * columns; at < columns; at++) sum += data[from + at] * query[at]
    return sum
  })
}

const count = (values, least) => values.reduce((sum, value) => sum + (value >= least), 0)

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length

/** Four significant digits. */
const told = (value) => Number(value.toPrecision(4))

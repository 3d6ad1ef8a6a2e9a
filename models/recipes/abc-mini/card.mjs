// What the card of the set says of it: counts, shares, and how well untuned cosine finds the exemplars.
import { grouped } from './grouped.mjs'
import { exemplarRanks, summarise } from './retrieval.mjs'

export function countsOf({ models, exemplars, rows, tuned }) {
  const kinds = grouped(models, ({ kind, split }) => `${split} ${kind}`)
  return {
    composerModels: models.length,
    modelsByKind: Object.fromEntries([...kinds].map(([kind, of]) => [kind, of.length])),
    tunedModels: tuned.length,
    exemplars: exemplars.length,
    synth: rows.synth.length,
    tuned: rows.tuned.length,
    counterfactuals: rows.synth.reduce(
      (sum, { row }) => sum + (row.counterfactuals?.length ?? 0),
      0,
    ),
  }
}

/** Quantiles of what the exemplars hold of a picture, by kind of model. */
export function shareQuantiles(models, drawn) {
  const kinds = new Map(
    models.map(({ id, kind, exemplars }) => [
      id,
      kind === 'set' ? `set of ${exemplars.length}` : kind,
    ]),
  )
  const groups = grouped(drawn, ({ model }) => kinds.get(model))
  const quantiles = (of) => {
    const sorted = of.map(({ exemplarShare }) => exemplarShare).sort((a, b) => a - b)
    const at = (share) => sorted[Math.round(share * (sorted.length - 1))]
    return {
      n: sorted.length,
      p10: at(0.1),
      p25: at(0.25),
      median: at(0.5),
      p75: at(0.75),
      p90: at(0.9),
    }
  }
  return Object.fromEntries([...groups].map(([kind, of]) => [kind, quantiles(of)]))
}

/** The least share of an exemplar that left something to find. */
const LEAST_SHARE = 0.01

/**
 * Untuned cosine on every split for testing, by type of prompt: over all pictures; without the exemplars'
 * near-duplicates in the pool; and with only those exemplars that have a share of at least 0.01 of the picture.
 */
export function retrievalOf({ splits, drawn, embedded, near }) {
  const { exemplars: own, pool } = embedded
  const ownRows = rowsOf(own)
  const influential = new Map(drawn.map(({ id, shares }) => [id, influentialOf(shares)]))
  const report = {}
  for (const [name, list] of splits) {
    if (!name.startsWith('test')) continue
    const synth = name.endsWith('_tuned') ? embedded.tuned : embedded.synth
    const synthRows = rowsOf(synth)
    report[name] = {}
    for (const type of Object.keys(list[0].synth)) {
      const queriesWith = (keep) =>
        list.flatMap(({ model, exemplar, synth: pictures }) =>
          pictures[type].map((id) => ({
            model,
            row: synthRows.get(id),
            exemplars: exemplar.filter((one) => keep(id, one)).map((one) => ownRows.get(one)),
          })),
        )
      const call = { queries: queriesWith(() => true), synth, own, pool }
      const found = queriesWith((id, one) => influential.get(id)?.has(one))
      const queries = found.filter(({ exemplars }) => exemplars.length > 0)
      report[name][type] = {
        all: summarise(exemplarRanks(call)),
        withoutNearDuplicates: summarise(exemplarRanks({ ...call, excluded: near }), [10]),
        ofInfluence:
          queries.length > 0 ? summarise(exemplarRanks({ ...call, queries }), [10]) : null,
      }
    }
  }
  return report
}

const rowsOf = ({ ids }) => new Map(ids.map((id, row) => [id, row]))

const influentialOf = (shares) =>
  new Set(shares.filter(([, share]) => share >= LEAST_SHARE).map(([id]) => id))

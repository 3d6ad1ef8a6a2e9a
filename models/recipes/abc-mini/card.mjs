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
    synth: rows.length,
    counterfactuals: rows.reduce((sum, { row }) => sum + (row.counterfactuals?.length ?? 0), 0),
  }
}

/** Quantiles of what the exemplars hold of a picture, by kind of model. */
export function shareQuantiles(models, rows) {
  const kinds = new Map(
    models.map(({ id, kind, exemplars }) => [
      id,
      kind === 'set' ? `set of ${exemplars.length}` : kind,
    ]),
  )
  const drawn = rows.map(({ row }) => row).filter((row) => kinds.has(row.model))
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

/** Untuned cosine on every split for testing, by type of prompt, with near-duplicates in the pool and without. */
export function retrievalOf({ splits, ids, embedded, near }) {
  const rowsOf = (part) => new Map(ids[part].map((id, row) => [id, row]))
  const [synthRows, ownRows] = [rowsOf('synth'), rowsOf('exemplars')]
  const report = {}
  for (const [name, list] of splits) {
    if (!name.startsWith('test')) continue
    report[name] = {}
    for (const type of Object.keys(list[0].synth)) {
      const queries = list.flatMap(({ model, exemplar, synth }) =>
        synth[type].map((id) => ({
          model,
          row: synthRows.get(id),
          exemplars: exemplar.map((one) => ownRows.get(one)),
        })),
      )
      const { exemplars: own, synth, pool } = embedded
      report[name][type] = {
        all: summarise(exemplarRanks({ queries, synth, own, pool })),
        withoutNearDuplicates: summarise(
          exemplarRanks({ queries, synth, own, pool, excluded: near }),
          [10],
        ),
      }
    }
  }
  return report
}

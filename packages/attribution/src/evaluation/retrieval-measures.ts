import { averagePrecision, chanceRecall, hitAtK, recallAtK, recallCeiling } from '@assay/metrics'
import { chanceAveragePrecision, chanceHit } from './chance.js'
import type { ExemplarRanks } from './exemplar-evaluation.js'

/** A measure of one query, with the best that it can be and what a random order gives. */
export interface RetrievalDefinition {
  /** `recall@10`, `hit@10` or `mAP`. */
  readonly id: string
  of(query: ExemplarRanks): number
  ceiling(query: ExemplarRanks): number
  chance(query: ExemplarRanks): number
}

const itemsOf = ({ ranks, others }: ExemplarRanks) => ranks.length + others

/** Recall@k (over all exemplars, not whether any was found), hit@k and mean average precision. */
export function retrievalMeasures(cutoffs: readonly number[]): RetrievalDefinition[] {
  const recall = cutoffs.map((k) => ({
    id: `recall@${k}`,
    of: ({ ranks }: ExemplarRanks) => recallAtK(ranks, k),
    ceiling: ({ ranks }: ExemplarRanks) => recallCeiling(ranks.length, k),
    chance: (query: ExemplarRanks) => chanceRecall(itemsOf(query), k),
  }))
  const hit = cutoffs.map((k) => ({
    id: `hit@${k}`,
    of: ({ ranks }: ExemplarRanks) => hitAtK(ranks, k),
    ceiling: () => 1,
    chance: (query: ExemplarRanks) =>
      chanceHit({ relevant: query.ranks.length, items: itemsOf(query), k }),
  }))
  const meanAveragePrecision = {
    id: 'mAP',
    of: ({ ranks }: ExemplarRanks) => averagePrecision(ranks),
    ceiling: () => 1,
    chance: (query: ExemplarRanks) => chanceAveragePrecision(query.ranks.length, itemsOf(query)),
  }
  return [...recall, ...hit, meanAveragePrecision]
}

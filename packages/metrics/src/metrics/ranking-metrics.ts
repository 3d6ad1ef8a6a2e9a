import type { MetricOf } from '@assay/core/testing'
import { averagePrecision } from '../retrieval/average-precision.js'
import { hitAtK } from '../retrieval/hit-at-k.js'
import { recallAtK } from '../retrieval/recall-at-k.js'
import { reciprocalRank } from '../retrieval/reciprocal-rank.js'
import { relevantRanks } from '../retrieval/relevant-ranks.js'

/** What all measures over the ranks of one query share. */
const ranking = {
  specificationVersion: 1,
  range: [0, 1],
  higherIsBetter: true,
  kind: 'ranking',
  minimumRows: 1,
  invariances: { permutation: true, duplication: false, swap: false, scaleDegree: 0 },
  tolerance: 0,
} as const

/** Metrics of the ranking that one query gives, ties against the relevant items. */
export const rankingMetrics: readonly MetricOf<'ranking'>[] = [
  {
    ...ranking,
    id: 'recall-at-10',
    title: 'Recall at 10',
    description: 'Share of the relevant items among the first ten.',
    unit: 'share',
    reference: 'Wang et al. 2023, Evaluating Data Attribution for Text-to-Image Models, section 4',
    compute: (scores) => recallAtK(relevantRanks(scores), 10),
  },
  {
    ...ranking,
    id: 'hit-at-10',
    title: 'Hit at 10',
    description: 'Whether a relevant item is among the first ten.',
    unit: 'share',
    reference: 'Manning et al. 2008, Introduction to Information Retrieval, section 8.4',
    compute: (scores) => hitAtK(relevantRanks(scores), 10),
  },
  {
    ...ranking,
    id: 'average-precision',
    title: 'Average precision',
    description: 'Mean over relevant items of the precision at their rank.',
    unit: 'precision',
    reference: 'Manning et al. 2008, Introduction to Information Retrieval, section 8.4',
    compute: (scores) => averagePrecision(relevantRanks(scores)),
  },
  {
    ...ranking,
    id: 'reciprocal-rank',
    title: 'Reciprocal rank',
    description: 'One over the rank of the first relevant item.',
    unit: 'reciprocal rank',
    reference: 'Voorhees 1999, The TREC-8 Question Answering Track Report',
    compute: (scores) => reciprocalRank(relevantRanks(scores)),
  },
]

import type { MetricOf } from '@assay/core/testing'
import { vendiScore } from '../diversity/vendi-score.js'
import { nearDuplicateShare } from '../duplicates/near-duplicate-share.js'

/** Cosine from which the metrics in the list call two rows near-duplicates. */
export const listedThreshold = 0.95

/** Metrics of one set. */
export const setMetrics: readonly MetricOf<'set'>[] = [
  {
    specificationVersion: 1,
    id: 'vendi-score',
    title: 'Vendi score',
    description: 'Effective number of different pictures.',
    unit: 'pictures',
    range: [1, null],
    higherIsBetter: true,
    reference: 'Friedman and Dieng 2023, The Vendi Score, definition 3.1',
    kind: 'set',
    minimumRows: 1,
    invariances: { permutation: true, duplication: true, swap: null, scaleDegree: 0 },
    tolerance: 1e-9,
    compute: ({ outputs }) => vendiScore(outputs),
  },
  {
    specificationVersion: 1,
    id: 'near-duplicate-share',
    title: 'Near-duplicate share',
    description: `Share of pictures like another one of their set, from a cosine of ${listedThreshold} on.`,
    unit: 'share',
    range: [0, 1],
    higherIsBetter: false,
    reference: 'Share of rows in a near-duplicate pair; needs no paper',
    kind: 'set',
    minimumRows: 1,
    invariances: { permutation: true, duplication: false, swap: null, scaleDegree: 0 },
    tolerance: 0,
    compute: ({ outputs }) => nearDuplicateShare(outputs, { threshold: listedThreshold }),
  },
]

import type { MetricOf } from '@assay/core/testing'
import { copyShare } from '../duplicates/near-duplicate-share.js'
import { frechetDistance } from '../fidelity/frechet-distance.js'
import { precisionRecallDensityCoverage } from '../fidelity/precision-recall-density-coverage.js'
import { listedThreshold } from './set-metrics.js'

/** What the four measures over neighbourhoods of k = 5 share. */
const neighbourhood = {
  specificationVersion: 1,
  unit: 'share',
  range: [0, 1],
  higherIsBetter: true,
  kind: 'sets',
  minimumRows: 6,
  invariances: { permutation: true, duplication: false, swap: false, scaleDegree: 0 },
  tolerance: 1e-12,
} as const

/** Metrics of outputs and a reference set. */
export const referenceMetrics: readonly MetricOf<'sets'>[] = [
  {
    ...neighbourhood,
    id: 'precision',
    title: 'Precision',
    description: 'Share of outputs in the neighbourhood of a reference picture.',
    reference: 'Kynkäänniemi et al. 2019, Improved Precision and Recall Metric, equation 2',
    compute: (sets) => precisionRecallDensityCoverage(sets).precision,
  },
  {
    ...neighbourhood,
    id: 'recall',
    title: 'Recall',
    description: 'Share of reference pictures in the neighbourhood of an output.',
    reference: 'Kynkäänniemi et al. 2019, Improved Precision and Recall Metric, equation 2',
    compute: (sets) => precisionRecallDensityCoverage(sets).recall,
  },
  {
    ...neighbourhood,
    id: 'density',
    title: 'Density',
    description: 'Mean number of reference neighbourhoods that an output lies in, over k.',
    unit: 'ratio',
    range: [0, null],
    reference: 'Naeem et al. 2020, Reliable Fidelity and Diversity Metrics, section 3',
    compute: (sets) => precisionRecallDensityCoverage(sets).density,
  },
  {
    ...neighbourhood,
    id: 'coverage',
    title: 'Coverage',
    description: 'Share of reference pictures with an output in their neighbourhood.',
    reference: 'Naeem et al. 2020, Reliable Fidelity and Diversity Metrics, section 3',
    compute: (sets) => precisionRecallDensityCoverage(sets).coverage,
  },
  {
    specificationVersion: 1,
    id: 'frechet-distance',
    title: 'Fréchet distance',
    description: 'Distance of the two sets, taken as normal distributions.',
    unit: 'squared embedding units',
    range: [0, null],
    higherIsBetter: false,
    reference: 'Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule, equation 6',
    kind: 'sets',
    minimumRows: 2,
    invariances: { permutation: true, duplication: false, swap: true, scaleDegree: 2 },
    tolerance: 1e-6,
    compute: ({ outputs, reference }) => frechetDistance(outputs, reference),
  },
  {
    specificationVersion: 1,
    id: 'copy-share',
    title: 'Copy share',
    description: `Share of outputs like a reference picture, from a cosine of ${listedThreshold} on.`,
    unit: 'share',
    range: [0, 1],
    higherIsBetter: false,
    reference: 'Share of outputs with a near-duplicate; needs no paper',
    kind: 'sets',
    minimumRows: 1,
    invariances: { permutation: true, duplication: true, swap: false, scaleDegree: 0 },
    tolerance: 0,
    compute: ({ outputs, reference }) =>
      copyShare(outputs, reference, { threshold: listedThreshold }),
  },
]

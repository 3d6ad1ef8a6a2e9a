import type { MetricOf } from '@assay/core/testing'
import { clipScore } from '../alignment/clip-score.js'

/** What both forms of the CLIP score share. */
const alignment = {
  specificationVersion: 1,
  higherIsBetter: true,
  reference: 'Hessel et al. 2021, CLIPScore, section 3',
  kind: 'pairs',
  minimumRows: 1,
  invariances: { permutation: true, duplication: true, swap: true, scaleDegree: 0 },
  tolerance: 1e-12,
} as const

/** Metrics of pictures and their prompts. */
export const pairMetrics: readonly MetricOf<'pairs'>[] = [
  {
    ...alignment,
    id: 'clip-score',
    title: 'CLIP score',
    description: 'Mean cosine of a picture and its prompt.',
    unit: 'cosine',
    range: [-1, 1],
    compute: ({ outputs, reference }) => clipScore(outputs, reference).score,
  },
  {
    ...alignment,
    id: 'clip-score-rescaled',
    title: 'CLIP score, rescaled',
    description: 'Mean of 2.5 times the cosine of a picture and its prompt, at least 0.',
    unit: 'rescaled cosine',
    range: [0, 2.5],
    compute: ({ outputs, reference }) => clipScore(outputs, reference, { form: 'rescaled' }).score,
  },
]

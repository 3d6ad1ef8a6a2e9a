import type { AuditMeta } from '@assay/core'

/** Orders of the Vendi score: 1 counts all pictures, larger ones look at the common ones only. */
export const vendiOrders = [1, 2, Number.POSITIVE_INFINITY] as const

const vendi = (id: string, order: string) => ({
  id,
  title: `Vendi score, q = ${order}`,
  description: 'Effective number of different pictures.',
  unit: 'pictures',
  range: [1, null] as const,
  higherIsBetter: true,
})

const share = { unit: 'share', range: [0, 1], higherIsBetter: true } as const

/** What is measured of the whole set and within prompts. */
export const diversityMeasures: AuditMeta['measures'] = [
  vendi('vendi-1', '1'),
  vendi('vendi-2', '2'),
  vendi('vendi-infinity', 'infinity'),
  {
    ...share,
    id: 'near-duplicates',
    title: 'Near-duplicates',
    description: 'Share of pictures with a near-duplicate among the others.',
    higherIsBetter: false,
  },
  {
    ...share,
    id: 'precision',
    title: 'Precision',
    description: 'Share of pictures that lie among the reference pictures.',
  },
  {
    ...share,
    id: 'recall',
    title: 'Recall',
    description: 'Share of reference pictures that lie among the pictures.',
  },
  {
    ...share,
    id: 'density',
    title: 'Density',
    description: 'How many reference neighbourhoods a picture lies in, on average, over k.',
    unit: 'ratio',
    range: [0, null],
  },
  {
    ...share,
    id: 'coverage',
    title: 'Coverage',
    description: 'Share of reference pictures with a picture in their neighbourhood.',
  },
  {
    id: 'frechet-distance',
    title: 'Fréchet distance',
    description: 'Of the two sets, taken as normal distributions; biased upwards in small sets.',
    unit: 'squared units of the embedding',
    range: [0, null],
    higherIsBetter: false,
  },
]

/** Id of a measure. */
export type DiversityId =
  | 'vendi-1'
  | 'vendi-2'
  | 'vendi-infinity'
  | 'near-duplicates'
  | 'precision'
  | 'recall'
  | 'density'
  | 'coverage'
  | 'frechet-distance'

/** Values of some measures. */
export type Values = Readonly<Partial<Record<DiversityId, number>>>

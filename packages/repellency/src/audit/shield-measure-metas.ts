import type { MeasureMeta } from '@assay/core'

const share = { unit: 'share', range: [0, 1] } as const
const radii = { unit: 'radii', range: [0, null] } as const

/** What is measured of a shielded run. */
export const shieldMeasureMetas: readonly MeasureMeta[] = [
  {
    id: 'inside',
    title: 'Finished pictures inside a shield',
    description:
      'Share of the pictures given out that lie within the radius of a shielded picture, as they were saved.',
    higherIsBetter: false,
    ...share,
  },
  {
    id: 'base-inside',
    title: 'The same without the shield',
    description: 'Share of pictures of the same generator, drawn without the shield.',
    higherIsBetter: null,
    ...share,
  },
  {
    id: 'rejected',
    title: 'Pictures held back',
    description: 'Share of pictures that were drawn and not given out.',
    higherIsBetter: false,
    ...share,
  },
  {
    id: 'touched',
    title: 'Pictures that met a shield',
    description: 'Share of pictures that were in a shield at one model call or more.',
    higherIsBetter: null,
    ...share,
  },
  {
    id: 'active',
    title: 'Active model calls',
    description:
      'Share of model calls at which a picture was in a shield; by step drawn as a curve.',
    higherIsBetter: null,
    ...share,
  },
  {
    id: 'relative-correction',
    title: 'Relative correction',
    description:
      'Mean length of a correction, as a share of the distance between the noisy state and the prediction.',
    unit: 'ratio',
    range: [0, null],
    higherIsBetter: false,
  },
  {
    id: 'shields-met',
    title: 'Shields met',
    description:
      'Mean number of shields that a picture was in at a time, over pictures that met one.',
    unit: 'shields',
    range: [0, null],
    higherIsBetter: null,
  },
  {
    id: 'distance-before',
    title: 'Nearest prediction before correction',
    description:
      'Mean over pictures that met a shield of the smallest distance between a prediction and a shielded picture, in radii.',
    higherIsBetter: null,
    ...radii,
  },
  {
    id: 'distance-after',
    title: 'Nearest prediction after correction',
    description:
      'The same after each correction, to the shielded pictures that it had been too near to; in plain form it may have come near to others.',
    higherIsBetter: null,
    ...radii,
  },
]

import type { AuditMeta } from '@assay/core'

const share = { unit: 'share', range: [0, 1] } as const

/** What the attribution audit asks and measures. */
export const attributionMeta: AuditMeta = {
  id: 'attribution',
  question: 'Which training pictures are the outputs made from, and whose are they?',
  title: 'What the outputs are made from',
  failureTitle: 'Single training pictures dominate the outputs',
  description:
    'Each output is searched for, exactly, among the training pictures, in the space that the head was ' +
    'tuned to, and the calibration turns likeness into influence: shares of the output that sum to 1 ' +
    'over the training pictures given. It is relative: where few are given, or not those that an output ' +
    'was made from, the nearest still has most of it. It is what customised generators taught to expect ' +
    'of likeness, and cannot know what this one did inside. Intervals treat outputs of one prompt as one ' +
    'cluster.',
  references: [
    'Wang, Efros, Zhu and Zhang, Evaluating Data Attribution for Text-to-Image Models, ICCV 2023',
  ],
  measures: [
    {
      id: 'dominated',
      title: 'Outputs dominated by one training picture',
      description: 'Share of outputs of which a single training picture has a dominant influence.',
      higherIsBetter: false,
      ...share,
    },
    {
      id: 'top-influence',
      title: 'Influence of the first match',
      description: 'Mean influence of the training picture that influenced an output most.',
      higherIsBetter: null,
      ...share,
    },
    {
      id: 'support',
      title: 'Training pictures with influence',
      description: 'Mean number of training pictures that have any influence on an output.',
      unit: 'pictures',
      range: [1, null],
      higherIsBetter: null,
    },
    {
      id: 'top-score',
      title: 'Likeness to the first match',
      description:
        'Mean cosine of an output and the training picture nearest to it, as the head sees them.',
      unit: 'cosine',
      range: [-1, 1],
      higherIsBetter: null,
    },
    {
      id: 'group-credit',
      title: 'Credit',
      description: 'Mean influence of all training pictures of one group.',
      higherIsBetter: null,
      ...share,
    },
  ],
}

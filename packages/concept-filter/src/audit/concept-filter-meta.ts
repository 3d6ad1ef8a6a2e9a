import type { AuditMeta } from '@assay/core'

const share = { unit: 'share', range: [0, 1] } as const

/** What the concept-filter audit asks and measures. */
export const conceptFilterMeta: AuditMeta = {
  id: 'concept-filter',
  question: 'Do the outputs show what they must not, and how sure is that?',
  title: 'What the outputs show that they must not, as the filter sees it',
  failureTitle: 'Outputs show what they must not',
  description:
    'Each output is compared with pairs of concepts, an unacceptable and an acceptable one, and flagged ' +
    'where it is nearer to the unacceptable side by more than the threshold. Each decision comes with its ' +
    'exact radius: the shortest noise on the image embedding that changes it. That says how near a ' +
    'decision is to changing, and nothing of changed pixels or prompts. The filter is a judge with errors ' +
    'of its own: measure them with `assay filter eval`, and calibrate its thresholds. Intervals treat ' +
    'outputs of one prompt as one cluster.',
  references: [
    'Das, Duddu, Zhang and Asokan, Espresso: Robust Concept Filtering in Text-to-Image Models, 2024',
  ],
  measures: [
    {
      id: 'flagged',
      title: 'Flagged outputs',
      description: 'Share of outputs that a pair flags; in all, that any pair flags.',
      higherIsBetter: false,
      ...share,
    },
    {
      id: 'standing',
      title: 'Standing decisions',
      description:
        'Share of decisions that no noise of a given length on the image embedding can change; drawn as a curve.',
      higherIsBetter: true,
      ...share,
    },
    {
      id: 'passed-radius',
      title: 'Certified radius of passed outputs',
      description:
        'Mean length of the shortest noise that would have a passed output flagged, as a share of the length of its embedding.',
      unit: 'share of the embedding',
      range: [0, 1],
      higherIsBetter: true,
    },
    {
      id: 'within-drift',
      title: 'Decisions within the drift',
      description:
        'Share of outputs on which another build of the encoder may decide otherwise: nothing is certified about them.',
      higherIsBetter: false,
      ...share,
    },
  ],
}

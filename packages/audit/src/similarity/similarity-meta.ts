import type { AuditMeta } from '@assay/core'

const share = { unit: 'share', range: [0, 1] } as const
const cosine = { unit: 'cosine', range: [-1, 1] } as const

/** What the similarity audit asks and measures. */
export const similarityMeta: AuditMeta = {
  id: 'similarity',
  question: 'Do the pictures copy, repeat themselves, or miss what was asked?',
  title: 'How the outputs relate to protected pictures, to each other, to real ones and to prompts',
  failureTitle: 'The outputs copy protected pictures, repeat themselves or miss their prompts',
  description:
    'Compares embeddings only; no generator is needed. Each output is searched for, exactly, among the ' +
    'protected pictures and among the other outputs; a pair counts as near-duplicates from the cosine ' +
    "that the encoder's card was calibrated to. Diversity and likeness to the reference set are " +
    'measured over the whole set. Intervals treat pictures of one prompt as one cluster.',
  references: [
    'Vendi score: Friedman and Dieng, The Vendi Score: A Diversity Evaluation Metric for Machine Learning, TMLR 2023',
    'Precision and recall: Kynkäänniemi et al., Improved Precision and Recall Metric for Assessing Generative Models, NeurIPS 2019',
    'Density and coverage: Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models, ICML 2020',
    'Prompt alignment: Hessel et al., CLIPScore: A Reference-free Evaluation Metric for Image Captioning, EMNLP 2021',
  ],
  measures: [
    {
      id: 'protected-copies',
      title: 'Outputs that copy a protected picture',
      description: 'Share of outputs with a protected near-duplicate.',
      higherIsBetter: false,
      ...share,
    },
    {
      id: 'protected-nearest',
      title: 'Likeness to the nearest protected picture',
      description: 'Mean cosine of an output and its nearest protected picture.',
      higherIsBetter: null,
      ...cosine,
    },
    {
      id: 'internal-duplicates',
      title: 'Outputs that repeat another output',
      description: 'Share of outputs with a near-duplicate among the other outputs.',
      higherIsBetter: false,
      ...share,
    },
    {
      id: 'vendi',
      title: 'Vendi score',
      description: 'Effective number of different outputs.',
      unit: 'pictures',
      range: [1, null],
      higherIsBetter: true,
    },
    {
      id: 'precision',
      title: 'Precision',
      description: 'Share of outputs that lie among the reference pictures.',
      higherIsBetter: true,
      ...share,
    },
    {
      id: 'recall',
      title: 'Recall',
      description: 'Share of reference pictures that lie among the outputs.',
      higherIsBetter: true,
      ...share,
    },
    {
      id: 'density',
      title: 'Density',
      description: 'How many reference neighbourhoods an output lies in, on average, over k.',
      unit: 'ratio',
      range: [0, null],
      higherIsBetter: true,
    },
    {
      id: 'coverage',
      title: 'Coverage',
      description: 'Share of reference pictures with an output in their neighbourhood.',
      higherIsBetter: true,
      ...share,
    },
    {
      id: 'prompt-alignment',
      title: 'Prompt alignment',
      description: 'Mean cosine of an output and its prompt.',
      higherIsBetter: true,
      ...cosine,
    },
  ],
}

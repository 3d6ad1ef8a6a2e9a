import type { AuditMeta } from '@assay/core'
import { shieldMeasureMetas } from './shield-measure-metas.js'

const share = { unit: 'share', range: [0, 1] } as const

/** Percentiles of the likeness of outputs to their nearest picture. */
export const similarityPercentiles = [50, 75, 90, 95].map((percentile) => ({
  id: `similarity-p${percentile}`,
  percentile,
  quantile: percentile / 100,
}))

const samePrompt = 'against the reference pictures of the same prompt; mean over prompts.'

const promptLikenessMetas: AuditMeta['measures'] = [
  {
    id: 'prompt-precision',
    title: 'Precision within a prompt',
    description: `Share of outputs that lie among reference pictures, ${samePrompt}`,
    higherIsBetter: true,
    ...share,
  },
  {
    id: 'prompt-recall',
    title: 'Recall within a prompt',
    description: `Share of reference pictures that lie among outputs, ${samePrompt}`,
    higherIsBetter: true,
    ...share,
  },
  {
    id: 'prompt-density',
    title: 'Density within a prompt',
    description: `How many reference neighbourhoods an output lies in, over k, ${samePrompt}`,
    unit: 'ratio',
    range: [0, null],
    higherIsBetter: true,
  },
  {
    id: 'prompt-coverage',
    title: 'Coverage within a prompt',
    description: `Share of reference pictures with an output in their neighbourhood, ${samePrompt}`,
    higherIsBetter: true,
    ...share,
  },
]

/** What the repellency audit asks and measures. */
export const repellencyMeta: AuditMeta = {
  id: 'repellency',
  question: 'Does the generator remember pictures, and did the shield hold?',
  title:
    'What the outputs reproduce, how different they are within a prompt, and what the shield did',
  failureTitle: 'Outputs reproduce pictures that they must not, or lie inside a shield',
  description:
    'Each output is compared, exactly, with its nearest protected (or training) picture by the cosine of ' +
    'their embeddings, and that with how near the picture has its own neighbours: an output that is nearer ' +
    'to a picture than any other picture of the set is called not authentic. Diversity is measured within ' +
    'each prompt and averaged over prompts, with cosine kernels. Of a shielded run its evidence is read: ' +
    'when shields acted, how much they changed, and whether finished pictures lie outside of them, in the ' +
    'space that the shields were drawn in, which is not the space of the encoder. Intervals treat pictures ' +
    'of one prompt as one cluster.',
  references: [
    'Kirchhof et al., Shielded Diffusion: Generating Novel and Diverse Images using Sparse Repellency, ICML 2025',
    'Authenticity: Alaa et al., How Faithful is your Synthetic Data?, ICML 2022; as a share: Stein et al., Exposing Flaws of Generative Model Evaluation Metrics, NeurIPS 2023',
    'Reproduced pictures: Carlini et al., Extracting Training Data from Diffusion Models, USENIX Security 2023',
    'Vendi score: Friedman and Dieng, The Vendi Score: A Diversity Evaluation Metric for Machine Learning, TMLR 2023',
  ],
  measures: [
    {
      id: 'memorised',
      title: 'Outputs that reproduce a picture of the set',
      description: 'Share of outputs whose nearest picture of the set is a near-duplicate.',
      higherIsBetter: false,
      ...share,
    },
    {
      id: 'reproduced',
      title: 'Pictures of the set that were reproduced',
      description:
        'Share of the pictures of the set that are the nearest near-duplicate of at least one output.',
      higherIsBetter: false,
      ...share,
    },
    {
      id: 'authenticity',
      title: 'Authentic outputs',
      description:
        'Share of outputs that are farther from their nearest picture of the set than that picture is from its own nearest neighbour there.',
      higherIsBetter: true,
      ...share,
    },
    ...similarityPercentiles.map(({ id, percentile }) => ({
      id,
      title: `Likeness to the nearest picture, ${percentile}th percentile`,
      description: `Cosine with the nearest picture of the set that ${percentile} % of outputs do not exceed.`,
      unit: 'cosine',
      range: [-1, 1] as const,
      higherIsBetter: false,
    })),
    {
      id: 'prompt-vendi',
      title: 'Vendi score within a prompt',
      description:
        'Effective number of different pictures of a prompt (order 1, cosine kernel), mean over prompts with two pictures or more.',
      unit: 'pictures',
      range: [1, null],
      higherIsBetter: true,
    },
    {
      id: 'prompt-repeats',
      title: 'Outputs that repeat another of their prompt',
      description: 'Share of outputs with a near-duplicate among the outputs of the same prompt.',
      higherIsBetter: false,
      ...share,
    },
    ...promptLikenessMetas,
    ...shieldMeasureMetas,
  ],
}

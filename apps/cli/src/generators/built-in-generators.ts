/** A generator that comes with Assay. */
export interface BuiltInGenerator {
  readonly id: string
  readonly title: string
  readonly description: string
}

/** The generators that come with Assay, the default one first. */
export const builtInGenerators: readonly BuiltInGenerator[] = [
  {
    id: 'assay/composer',
    title: 'Composes new pictures from patches, and knows which pictures they are made of',
    description:
      'A diffusion whose denoiser is known in closed form over patches of 7,041 captioned pictures of 32 x 32 pixels. It needs no training, draws nameable new pictures, and tells with each of them which pictures it was made of.',
  },
  {
    id: 'assay/memoriser',
    title: 'Draws pictures that it has memorised: the worst case',
    description:
      'A diffusion whose denoiser is known in closed form over the same captioned pictures as wholes: every picture that it draws is one of them. What a shield or a copy detector must survive.',
  },
  {
    id: 'assay/tiny-diffusion',
    title: 'A small trained network in the layout of diffusers',
    description:
      'A rectified flow over 32 x 32 pixels, trained by the project on captioned pictures. A toy, there for what only a network has: a real denoiser on the same road as Stable Diffusion.',
  },
]

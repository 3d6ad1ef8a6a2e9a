import type { PipelineCard } from './folder/pipeline-card.js'

/** How pictures are drawn where a request does not say. */
export interface PipelineDefaults {
  readonly steps: number
  readonly guidanceScale: number
}

/** The defaults of diffusers' pipelines. */
const ofClasses: readonly { readonly name: string; readonly defaults: PipelineDefaults }[] = [
  { name: 'StableDiffusion3', defaults: { steps: 28, guidanceScale: 7 } },
  { name: 'StableDiffusionXL', defaults: { steps: 50, guidanceScale: 5 } },
]

const ofOthers: PipelineDefaults = { steps: 50, guidanceScale: 7.5 }

/** What the caller says, else the card, else diffusers for the pipeline's class. */
export function pipelineDefaults(
  className: string,
  card: PipelineCard | null,
  { steps, guidanceScale }: Partial<PipelineDefaults>,
): PipelineDefaults {
  const known = ofClasses.find(({ name }) => className.includes(name))
  const defaults = card?.defaults ?? known?.defaults ?? ofOthers
  return {
    steps: steps ?? defaults.steps,
    guidanceScale: guidanceScale ?? defaults.guidanceScale,
  }
}

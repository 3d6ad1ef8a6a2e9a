import type { ConceptPair } from '@assay/concept-filter'
import type { FilterExperiment } from '@assay/concept-filter/node'
import {
  type TunedConceptPair,
  type TuningSettings,
  type TuningSide,
  tuneConceptPair,
} from '@assay/concept-filter/train'
import { assertDrawn, chosenPictures } from './experiment-pictures.js'
import type { ExperimentView } from './experiment-view.js'
import { splitTuningSide } from './split-tuning-side.js'

/** Whose pictures a pair is tuned on. */
export interface ExperimentTuning {
  readonly experiment: FilterExperiment
  /** As the filter sees it. */
  readonly view: ExperimentView
  readonly pair: ConceptPair
  readonly generator: string
  readonly settings: TuningSettings
  readonly seed: number
}

/** Tunes a pair on an experiment's tuning pictures. */
export async function tuneOnExperiment(options: ExperimentTuning): Promise<TunedConceptPair> {
  return tuneOnSides({
    ...options,
    unacceptable: await tuningSide('unacceptable', options),
    acceptable: await tuningSide('acceptable', options),
  })
}

/** Pictures of both sides with their prompts. */
export type PromptedSide = TuningSide & { readonly prompts: readonly string[] }

/** Tunes a pair on two thirds of the prompts, and stops by the others. */
export function tuneOnSides({
  pair,
  settings,
  seed,
  ...sides
}: Pick<ExperimentTuning, 'pair' | 'settings' | 'seed'> & {
  readonly unacceptable: PromptedSide
  readonly acceptable: PromptedSide
}): TunedConceptPair {
  const unacceptable = splitTuningSide(sides.unacceptable)
  const acceptable = splitTuningSide(sides.acceptable)
  return tuneConceptPair({
    ...settings,
    pair,
    unacceptable: unacceptable.training,
    acceptable: acceptable.training,
    validation: { unacceptable: unacceptable.validation, acceptable: acceptable.validation },
    seed,
  })
}

/** The tuning pictures of one side, each taken for what its prompt asked for. */
export async function tuningSide(
  side: 'unacceptable' | 'acceptable',
  { experiment, view, pair, generator, settings }: ExperimentTuning,
): Promise<PromptedSide> {
  const choice = { generator, pair: pair.id, split: 'tuning', side } as const
  const chosen = chosenPictures(experiment, choice)
  assertDrawn(chosen, choice)
  return {
    embeddings: view.pictures(chosen.seeds),
    prompts: chosen.prompts,
    ...(settings.objective?.kind === 'paper-con' && {
      promptEmbeddings: await view.prompts(chosen.prompts),
    }),
  }
}

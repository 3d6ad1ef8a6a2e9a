import type { ConceptPair } from '@assay/concept-filter'
import { AssayError, type ItemFailure, type Matrix } from '@assay/core'
import { type CommandSession, embedsNoPictures } from '../command-session.js'
import { openExperiment } from './built-in-experiment.js'
import { embedSet } from './embed-set.js'
import { openExperimentView } from './experiment-view.js'
import { readsNoText } from './open-filter.js'
import { type PromptedSide, tuningSide } from './tune-on-experiment.js'
import { type TuningFlags, tuningSettings } from './tuning-flags.js'

/** Flags that say what a pair is tuned on. */
export interface TuningSourceFlags extends TuningFlags {
  readonly pair?: readonly string[]
  readonly encoder: string
  readonly unacceptable?: string
  readonly acceptable?: string
}

/** Folders of pictures of one pair. */
export interface TuningFolders {
  readonly unacceptable: string
  readonly acceptable: string
}

/** The folders that flags name, if any. @throws AssayError `CONFIG_MISSING` for one folder, or several pairs */
export function foldersOf({
  unacceptable,
  acceptable,
  pair = [],
}: TuningSourceFlags): TuningFolders | null {
  if (unacceptable === undefined && acceptable === undefined) return null
  if (unacceptable !== undefined && acceptable !== undefined && pair.length <= 1) {
    return { unacceptable, acceptable }
  }
  throw new AssayError({
    code: 'CONFIG_MISSING',
    message: 'Pictures of one pair are two folders, of one pair at a time.',
    value: { unacceptable, acceptable, pair },
    remedy: 'Give both --unacceptable and --acceptable, and one --pair.',
  })
}

/** The pictures of two folders. */
export async function folderSides(
  folders: TuningFolders,
  { flags, failures }: { readonly flags: TuningSourceFlags; readonly failures: ItemFailure[] },
  session: CommandSession,
) {
  const { card, image, text } = await session.openEncoder(flags.encoder, { normalize: false })
  if (image === null) throw embedsNoPictures(card.id)
  const promptsOf = async (prompts: readonly string[]): Promise<Matrix> => {
    if (text === null) throw readsNoText(card.id)
    const texts = prompts.map((prompt, at) => ({ id: String(at), text: prompt }))
    return (await text.embedTexts(texts, { signal: session.signal })).embeddings
  }
  const side = async (folder: string): Promise<PromptedSide> => {
    const { embeddings, prompts, failures: own } = await embedSet(folder, image, session)
    failures.push(...own)
    const needsPrompts = flags.objective === 'paper-con'
    return {
      embeddings,
      prompts,
      ...(needsPrompts && { promptEmbeddings: await promptsOf(prompts) }),
    }
  }
  return {
    unacceptable: await side(folders.unacceptable),
    acceptable: await side(folders.acceptable),
  }
}

/**
 * The composer's tuning pictures of the built-in experiment.
 *
 * @throws AssayError `CONFIG_MISSING` for a pair or an encoder without any
 */
export async function builtInSides(
  pair: ConceptPair,
  flags: TuningSourceFlags,
  session: CommandSession,
) {
  const experiment = await openExperiment()
  if (
    !experiment.pairs.some(({ id }) => id === pair.id) ||
    flags.encoder !== experiment.filterEncoder.id
  ) {
    throw new AssayError({
      code: 'CONFIG_MISSING',
      message: `There are no built-in pictures of "${pair.id}" for ${flags.encoder}.`,
      value: pair.id,
      remedy: `Give pictures by --unacceptable and --acceptable; ${experiment.filterEncoder.id} has some of ${experiment.pairs.map(({ id }) => id).join(', ')}.`,
    })
  }
  const view = await openExperimentView(experiment.filterEncoder, experiment, session)
  const options = {
    ...{ experiment, view, pair, generator: 'composer', seed: 0 },
    settings: tuningSettings(flags),
  }
  return {
    unacceptable: await tuningSide('unacceptable', options),
    acceptable: await tuningSide('acceptable', options),
  }
}

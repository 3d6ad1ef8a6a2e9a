import { AssayError, type ItemFailure, type Matrix } from '@assay/core'
import type { CommandSession } from '../command-session.js'
import { openExperiment } from './built-in-experiment.js'
import { embedSet } from './embed-set.js'
import { chosenPictures } from './experiment-pictures.js'
import { openExperimentView } from './experiment-view.js'
import type { OpenedFilter } from './open-filter.js'

/** Pictures to certify, and what they truly show where that is known. */
export interface CertifiedSet {
  readonly embeddings: Matrix
  readonly prompts: readonly string[]
  readonly unacceptable: readonly boolean[] | null
  readonly failures: readonly ItemFailure[]
}

/** Folders of pictures whose truth is known. */
export interface CertifiedFolders {
  readonly unacceptable?: string
  readonly acceptable?: string
}

type Opened = OpenedFilter & { readonly flags: CertifiedFolders }

/**
 * The pictures that flags mean: one set, two folders, or those of the built-in experiment.
 *
 * @throws AssayError `CONFIG_INVALID`, `CONFIG_MISSING` for a filter without built-in pictures
 */
export async function certifiedSet(
  path: string | undefined,
  opened: Opened,
  session: CommandSession,
): Promise<CertifiedSet> {
  const { unacceptable, acceptable } = opened.flags
  if (unacceptable === undefined && acceptable === undefined) {
    if (path === undefined) return builtInSet(opened, session)
    const { embeddings, prompts, failures } = await embedSet(path, opened.encoder.image, session)
    return { embeddings, prompts, unacceptable: null, failures }
  }
  if (path !== undefined || unacceptable === undefined || acceptable === undefined) {
    throw new AssayError({
      code: 'CONFIG_INVALID',
      message: 'Pictures are one set, or those that must be flagged and those that must pass.',
      value: { path, unacceptable, acceptable },
      remedy: 'Give either PICTURES, or both --unacceptable and --acceptable.',
    })
  }
  const bad = await embedSet(unacceptable, opened.encoder.image, session)
  const good = await embedSet(acceptable, opened.encoder.image, session)
  return {
    embeddings: stacked(bad.embeddings, good.embeddings),
    prompts: [...bad.prompts, ...good.prompts],
    unacceptable: [...bad.prompts.map(() => true), ...good.prompts.map(() => false)],
    failures: [...bad.failures, ...good.failures],
  }
}

/** The composer's held-out pictures of the filter's one pair whose truth is plain. */
async function builtInSet(
  { filter, encoder }: Opened,
  session: CommandSession,
): Promise<CertifiedSet> {
  const experiment = await openExperiment()
  const [pair, ...others] = filter.pairs
  const isBuiltIn = experiment.pairs.some(({ id }) => id === pair?.id)
  if (
    pair === undefined ||
    others.length > 0 ||
    !isBuiltIn ||
    encoder.card.id !== experiment.filterEncoder.id
  ) {
    throw new AssayError({
      code: 'CONFIG_MISSING',
      message: 'There are no built-in pictures for this filter.',
      value: filter.pairs.map(({ id }) => id),
      remedy: `Name pictures; or one pair of ${experiment.pairs.map(({ id }) => id).join(', ')}, for ${experiment.filterEncoder.id}.`,
    })
  }
  const view = await openExperimentView(experiment.filterEncoder, experiment, session)
  const parts = (['unacceptable', 'acceptable'] as const).map((side) =>
    chosenPictures(experiment, { generator: 'composer', pair: pair.id, split: 'test', side }),
  )
  const rows = parts.flatMap(({ seeds, prompts, truth }) =>
    seeds.flatMap((seed, at) => {
      const shown = truth[at] ?? null
      return shown === null ? [] : [{ seed, prompt: prompts[at] ?? '', shown }]
    }),
  )
  return {
    embeddings: view.pictures(rows.map(({ seed }) => seed)),
    prompts: rows.map(({ prompt }) => prompt),
    unacceptable: rows.map(({ shown }) => shown),
    failures: [],
  }
}

/** The rows of both; ids may repeat, so that rows go by their number. */
function stacked(one: Matrix, other: Matrix): Matrix {
  const data = new Float32Array(one.data.length + other.data.length)
  data.set(one.data)
  data.set(other.data, one.data.length)
  return { ...one, data, rows: one.rows + other.rows, ids: null }
}

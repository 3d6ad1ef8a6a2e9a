import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { FeatureSource, TunedModel } from '@assay/attribution'
import { openFeatures, readTunedModels } from '@assay/attribution/node'
import { AssayError } from '@assay/core'
import { readJson } from '@assay/store'
import { abcMini } from '@assay/tiny-world'
import type { CommandSession } from '../command-session.js'
import { embedMosaics } from './embed-mosaics.js'
import { unitFeatures } from './unit-features.js'

/** Parts of an exemplar set: pictures that models were tuned on, what they drew, and others. */
export const setParts = ['exemplars', 'synth', 'pool'] as const
export type SetPart = (typeof setParts)[number]

/** Customised models with their exemplars, the pictures they drew, and a pool of other pictures. */
export interface ExemplarSet {
  readonly folder: string
  /** Encoder of the features; null where nobody says. */
  readonly encoder: string | null
  /** Whether it embedded the set's pictures now; otherwise the features that lie in the folder were taken. */
  readonly embedded: boolean
  readonly exemplars: FeatureSource
  readonly synth: FeatureSource
  readonly pool: FeatureSource
  /** Models whose pictures are in `synth`, by the name of their split, for instance `test_object`. */
  readonly splits: ReadonlyMap<string, readonly TunedModel[]>
}

/** How an exemplar set is opened. */
export interface OpenExemplarSetOptions {
  /** Default: AbC-mini, which is built in. */
  readonly folder?: string | undefined
  /** Model that embeds its pictures. Default: the features that lie in the folder are taken. */
  readonly encoder?: string | undefined
  /** Features of another pool. Default: the set's own. */
  readonly pool?: string | undefined
  /**
   * Whether features are brought to unit length, as those of `assay audit` are. Default: no, a head is for
   * features as the encoder gives them.
   */
  readonly normalize?: boolean | undefined
}

/**
 * Opens a folder with features of `exemplars`, `synth` and `pool` (each a .safetensors or .npy file, or a
 * feature store) and, in `splits`, lists of models.
 *
 * @throws AssayError `FILE_MISSING` for a part that is not there, and what reading it throws
 */
export async function openExemplarSet(
  options: OpenExemplarSetOptions,
  session: CommandSession,
): Promise<ExemplarSet> {
  const set = await openRawSet(options, session)
  if (!options.normalize) return set
  const { signal } = session
  return {
    ...set,
    exemplars: await unitFeatures(set.exemplars, { signal }),
    synth: await unitFeatures(set.synth, { signal }),
    pool: await unitFeatures(set.pool, { signal }),
  }
}

async function openRawSet(
  { folder = abcMini, encoder, pool }: OpenExemplarSetOptions,
  session: CommandSession,
): Promise<ExemplarSet> {
  const root = resolve(folder)
  const splits = await readSplits(root)
  const stored = await storedEncoder(root)
  if (encoder !== undefined && encoder !== stored) {
    const features = await embedMosaics(root, encoder, session)
    return { folder: root, encoder, embedded: true, splits, ...features }
  }
  const open = async (part: SetPart, path = partPath(root, part)) => {
    const labels = join(root, `${part}.jsonl`)
    const prompts = part === 'synth' && existsSync(labels) ? { labels, fields: ['prompt'] } : {}
    return session.use(await openFeatures(path, prompts))
  }
  return {
    folder: root,
    encoder: stored,
    embedded: false,
    splits,
    exemplars: await open('exemplars'),
    synth: await open('synth'),
    pool: await open('pool', pool === undefined ? undefined : resolve(pool)),
  }
}

/** The models of all splits whose names begin so. */
export function modelsOf({ splits }: ExemplarSet, beginning: string): readonly TunedModel[] {
  const found = [...splits].filter(([name]) => name.startsWith(beginning))
  if (found.length > 0) return found.flatMap(([, models]) => models)
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `No split is called ${beginning}...`,
    value: beginning,
    remedy: `Name the beginning of one of ${[...splits.keys()].join(', ')}.`,
  })
}

async function readSplits(root: string): Promise<ReadonlyMap<string, readonly TunedModel[]>> {
  const folder = join(root, 'splits')
  const names = await readdir(folder).catch((cause: unknown) => {
    throw missing(folder, cause)
  })
  const files = names.filter((name) => isSplitOfSynth(root, name)).sort()
  if (files.length === 0) throw missing(folder)
  const splits = new Map<string, readonly TunedModel[]>()
  for (const file of files) {
    splits.set(file.slice(0, -'.json'.length), await readTunedModels(join(folder, file)))
  }
  return splits
}

const isSplitOfSynth = (root: string, file: string): boolean =>
  file.endsWith('.json') && partOfSplit(root, file.slice(0, -'.json'.length)) === 'synth'

/** The part that has the pictures of a split: those of `test_tuned` lie in `tuned.safetensors`. */
export function partOfSplit(root: string, split: string): string {
  const part = /_([a-z]+)$/.exec(split)?.[1]
  if (part === undefined || setParts.some((own) => own === part)) return 'synth'
  return existsSync(join(root, `${part}.safetensors`)) ? part : 'synth'
}

/** The encoder that the set's card names, if it has one. */
async function storedEncoder(root: string): Promise<string | null> {
  const path = join(root, 'abc-mini.json')
  if (!existsSync(path)) return null
  const card = await readJson(path)
  const { encoder } = card as { readonly encoder?: { readonly id?: unknown } }
  return typeof encoder?.id === 'string' ? encoder.id : null
}

function partPath(root: string, part: SetPart): string {
  const paths = [`${part}.safetensors`, `${part}.npy`, part].map((name) => join(root, name))
  const found = paths.find((path) => existsSync(path))
  if (found !== undefined) return found
  throw missing(paths[0] ?? root)
}

const missing = (path: string, cause?: unknown): AssayError =>
  new AssayError({
    code: 'FILE_MISSING',
    message: `There is no ${path}.`,
    value: path,
    remedy: 'Name a folder with exemplars, synth, pool (.safetensors) and splits/*.json in it.',
    location: { file: path },
    cause,
  })

import { resolve } from 'node:path'
import { type Picture, type PictureSet, readPictureSet } from '@assay/embed'
import { sha256, sha256File } from '@assay/store'
import pLimit from 'p-limit'
import type { ResolvedConfig } from '../configuration/assay-config.js'
import { hashOf } from './hash.js'

/** Files that are hashed side by side. */
const FILES_AT_ONCE = 8

/** The roles that a picture set can have. */
export type SetName = 'outputs' | 'protected' | 'reference' | 'training'

/** A picture set as it lies on disk, before anything is decoded. */
export interface CollectedSet<Name extends string = SetName> {
  readonly name: Name
  /** Folder as the configuration names it. */
  readonly path: string
  readonly content: PictureSet
  /** Hash over ids, contents, prompts, metadata and unreadable entries. */
  readonly sha256: string
}

/** The sets of a run; those that the configuration does not name are null. */
export interface CollectedInputs {
  readonly outputs: CollectedSet
  readonly protected: CollectedSet | null
  readonly reference: CollectedSet | null
  readonly training: CollectedSet | null
}

/** Where sets are collected. */
export interface CollectOptions {
  /** Folder that relative paths start from. */
  readonly baseFolder: string
  readonly signal: AbortSignal
}

/** Reads and hashes every picture set that the configuration names. */
export async function collectInputs(
  config: ResolvedConfig,
  options: CollectOptions,
): Promise<CollectedInputs> {
  const collect = async (name: Exclude<SetName, 'outputs'>) => {
    const path = config[name]
    return path === undefined ? null : collectSet(name, path, options)
  }
  return {
    outputs: await collectSet('outputs', config.outputs, options),
    protected: await collect('protected'),
    reference: await collect('reference'),
    training: await collect('training'),
  }
}

/** The sets that are there, in a fixed order. */
export function presentSets(inputs: CollectedInputs): readonly CollectedSet[] {
  const { outputs, protected: protectedSet, reference, training } = inputs
  return [outputs, protectedSet, reference, training].filter((set) => set !== null)
}

/**
 * Reads and hashes one picture set.
 *
 * @throws AssayError what `readPictureSet` throws
 */
export async function collectSet<Name extends string>(
  name: Name,
  path: string,
  { baseFolder, signal }: CollectOptions,
): Promise<CollectedSet<Name>> {
  const content = await readPictureSet(resolve(baseFolder, path))
  const limit = pLimit(FILES_AT_ONCE)
  const hashes = await Promise.all(
    content.pictures.map(({ source }) =>
      limit(() => {
        signal.throwIfAborted()
        return sourceHash(source).catch(() => null) // Told of as a failure when it is embedded.
      }),
    ),
  )
  const contents = content.pictures.map(({ id, prompt, metadata }, index) => ({
    id,
    prompt,
    metadata,
    sha256: hashes[index] ?? null,
  }))
  const failures = content.failures.map(({ id, code }) => ({ id, code }))
  return { name, path, content, sha256: hashOf({ contents, failures }) }
}

const sourceHash = async (source: Picture['source']): Promise<string> =>
  typeof source === 'string' ? sha256File(source) : sha256(await source.read())

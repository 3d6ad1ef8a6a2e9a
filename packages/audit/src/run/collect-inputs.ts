import { resolve } from 'node:path'
import type { ItemFailure } from '@assay/core'
import { type PictureSet, readPictureSet } from '@assay/embed'
import { sha256File } from '@assay/store'
import pLimit from 'p-limit'
import type { ResolvedConfig } from '../configuration/assay-config.js'
import { hashOf } from './hash.js'

/** Files that are read side by side while hashing. */
const FILES_AT_ONCE = 8

/** The three roles that a picture set can have. */
export const setNames = ['outputs', 'protected', 'reference'] as const
export type SetName = (typeof setNames)[number]

/** A picture set as it lies on disk, before anything is decoded. */
export interface CollectedSet {
  readonly name: SetName
  /** Folder as the configuration names it. */
  readonly path: string
  /** The same, absolute. */
  readonly folder: string
  readonly pictures: PictureSet
  /** Hash over ids, contents, prompts, metadata and unreadable entries. */
  readonly sha256: string
}

/** Reads and hashes every picture set that the configuration names. */
export async function collectInputs(
  config: ResolvedConfig,
  options: { readonly baseFolder: string; readonly signal?: AbortSignal },
): Promise<readonly CollectedSet[]> {
  const sets: CollectedSet[] = []
  for (const name of setNames) {
    const path = config[name]
    if (path !== undefined) sets.push(await collectSet(name, path, options))
  }
  return sets
}

async function collectSet(
  name: SetName,
  path: string,
  { baseFolder, signal }: { readonly baseFolder: string; readonly signal?: AbortSignal },
): Promise<CollectedSet> {
  const folder = resolve(baseFolder, path)
  const pictures = await readPictureSet(folder)
  const limit = pLimit(FILES_AT_ONCE)
  const contents = await Promise.all(
    pictures.items.map((item) =>
      limit(async () => {
        signal?.throwIfAborted()
        return {
          id: item.id,
          prompt: item.prompt,
          metadata: item.metadata,
          sha256: await hashOrNull(item.file),
        }
      }),
    ),
  )
  const failures = pictures.failures.map(({ id, code }: ItemFailure) => ({ id, code }))
  return { name, path, folder, pictures, sha256: hashOf({ contents, failures }) }
}

/** An unreadable file is told of when it is embedded; here it only counts as different. */
const hashOrNull = (file: string) => sha256File(file).catch(() => null)

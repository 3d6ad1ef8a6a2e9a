import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { isMissing } from '../files/file-error.js'

const shardDigits = 2
const shardName = /^[0-9a-f]{2}$/
const entryName = /^[0-9a-f]{62}$/
const temporaryName = /^\.[0-9a-f]{62}\.\d+-[0-9a-f]{12}\.tmp$/

/** A file of the cache. */
export interface CacheFile {
  readonly path: string
  /** Its key, or null for what a killed process left of a write. */
  readonly key: string | null
}

/**
 * Where the entry of a key lies: 256 folders by the first two digits, so that none grows too long.
 *
 * @throws AssayError `INVALID_ARGUMENT` unless the key is 64 lower-case hexadecimal digits
 */
export function entryPath(folder: string, key: string): string {
  if (!/^[0-9a-f]{64}$/.test(key)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `A cache key has 64 lower-case hexadecimal digits, not ${JSON.stringify(key)}.`,
      value: key,
      remedy: 'Pass the SHA-256 of everything that the content depends on.',
    })
  }
  return join(folder, key.slice(0, shardDigits), key.slice(shardDigits))
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** Every file of the cache, by key; nothing else that may lie in the folder. */
export async function* cacheFiles(folder: string): AsyncGenerator<CacheFile> {
  const shards = (await entriesOf(folder)).filter(
    (it) => it.isDirectory() && shardName.test(it.name),
  )
  for (const shard of shards.map(({ name }) => name).sort()) {
    const names = (await entriesOf(join(folder, shard))).filter((it) => it.isFile())
    for (const name of names.map((it) => it.name).sort()) {
      const path = join(folder, shard, name)
      if (entryName.test(name)) yield { path, key: shard + name }
      else if (temporaryName.test(name)) yield { path, key: null }
    }
  }
}

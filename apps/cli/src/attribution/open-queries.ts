import { resolve } from 'node:path'
import type { FeatureSource } from '@assay/attribution'
import { type FeatureFile, openFeatures } from '@assay/attribution/node'
import { AssayError, type ItemFailure } from '@assay/core'
import type { CommandSession } from '../command-session.js'
import { embedFeatures } from './embed-features.js'
import { holdsFeatures } from './source-options.js'

/** Features of generated pictures. */
export interface OpenedQueries {
  readonly features: FeatureSource
  /** Pictures that could not be embedded. */
  readonly failures: readonly ItemFailure[]
}

/**
 * Features of pictures as those of a pool are made: by its encoder, raw or normalised as they are; or
 * features that lie in a file.
 *
 * @throws AssayError `CONFIG_MISSING` where nobody says which encoder made the pool
 */
export async function openQueries(
  path: string,
  { pool, encoder }: { readonly pool: FeatureFile; readonly encoder?: string | undefined },
  session: CommandSession,
): Promise<OpenedQueries> {
  if (await holdsFeatures(path, {})) {
    return { features: session.use(await openFeatures(resolve(path))), failures: [] }
  }
  const name = encoder ?? pool.metadata.get('encoder')
  if (name === undefined) {
    throw new AssayError({
      code: 'CONFIG_MISSING',
      message: `${pool.path} does not say which encoder its features come from.`,
      value: pool.path,
      remedy: 'Name it by --encoder, or give features of the pictures instead.',
      location: { file: pool.path },
    })
  }
  const { normalized: normalize } = pool
  return embedFeatures(path, { encoder: name, normalize }, session)
}

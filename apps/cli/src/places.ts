import { tinyClip } from '@assay/tiny-world'
import environmentPaths from 'env-paths'

/** Folders that Assay uses on this machine. */
export interface Places {
  /** Embedding cache; `ASSAY_CACHE` overrides it. */
  readonly cache: string
  /** Folders of models that can be named by id. */
  readonly models: readonly string[]
}

/** The usual places: the user's cache folder, and the built-in models. */
export function places(): Places {
  const { cache } = environmentPaths('assay', { suffix: '' })
  return { cache: process.env['ASSAY_CACHE'] ?? cache, models: [tinyClip] }
}

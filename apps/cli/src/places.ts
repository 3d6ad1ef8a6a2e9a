import { join, resolve } from 'node:path'
import { cards } from '@assay/model-cards'
import { greyClip, tinyClip } from '@assay/tiny-world'
import environmentPaths from 'env-paths'

/** Folders that Assay uses on this machine. */
export interface Places {
  /** Embedding cache; `ASSAY_CACHE` overrides it. */
  readonly cache: string
  /** Folders of models that can be named by id: the built-in ones, and those that were pulled. */
  readonly models: readonly string[]
  /** Where models are pulled to; `ASSAY_MODELS` overrides it. */
  readonly pulled: string
  /** Cards of published models that can be pulled. */
  readonly cards: string
}

/** The usual places: the user's cache folder, and the built-in models. */
export function places(): Places {
  const { cache } = environmentPaths('assay', { suffix: '' })
  const pulled = resolve(process.env['ASSAY_MODELS'] || join(cache, 'models'))
  return {
    cache: process.env['ASSAY_CACHE'] ?? cache,
    models: [tinyClip, greyClip, pulled],
    pulled,
    cards,
  }
}

import { resolve } from 'node:path'
import {
  type ConceptFilter,
  type ConceptPair,
  type ConceptThreshold,
  createConceptFilter,
  embedConceptPair,
} from '@assay/concept-filter'
import { readConceptFilter } from '@assay/concept-filter/node'
import { AssayError, type ImageEncoder } from '@assay/core'
import type { OpenedEncoder } from '@assay/embed'
import { type CommandSession, embedsNoPictures, type SessionFlags } from '../command-session.js'
import { decimalNumber } from '../flag-values.js'
import { builtInPairs } from './built-in-experiment.js'
import { pairWords } from './pair-words.js'

/** Flags of every command that takes a filter. */
export interface FilterFlags extends SessionFlags {
  readonly pair?: readonly string[]
  readonly filter?: string
  readonly encoder: string
  readonly threshold?: string
  readonly relevanceFloor?: string
  readonly drift?: string
}

/** A filter with the encoder that it sees with. */
export interface OpenedFilter {
  readonly filter: ConceptFilter
  readonly encoder: OpenedEncoder & { readonly image: ImageEncoder }
}

/**
 * The filter that flags mean: an artefact file, or pairs of words. Embeddings are raw, as certificates on the
 * absolute axis need them.
 *
 * @throws AssayError `CONFIG_INVALID`, `FINGERPRINT_MISMATCH` for a filter of another encoder,
 *   `MODEL_INCOMPATIBLE`, and what reading the file throws
 */
export async function openFilter(
  flags: FilterFlags,
  session: CommandSession,
): Promise<OpenedFilter> {
  const { pair = [], filter: path } = flags
  if ((path === undefined) === (pair.length === 0)) throw oneOfBoth(pair, path)
  const opened = await session.openEncoder(flags.encoder, { normalize: false })
  const { card, image } = opened
  if (image === null) throw embedsNoPictures(card.id)
  const encoder = { ...opened, image }
  if (path === undefined) {
    const pairs = await wordPairs(pair, { encoder, threshold: flags.threshold }, session)
    return { filter: createConceptFilter({ pairs, ...settingsOf(flags) }), encoder }
  }
  if (flags.threshold !== undefined) throw thresholdOfFile(flags.threshold)
  const { pairs, relevanceFloor, drift } = await readConceptFilter(resolve(path), {
    encoder: image,
  })
  const kept = { drift, ...(relevanceFloor !== null && { relevanceFloor }) }
  return { filter: createConceptFilter({ pairs, ...kept, ...settingsOf(flags) }), encoder }
}

const settingsOf = ({ relevanceFloor, drift }: FilterFlags) => ({
  ...(relevanceFloor !== undefined && {
    relevanceFloor: decimalNumber('--relevance-floor', relevanceFloor),
  }),
  ...(drift !== undefined && { drift: decimalNumber('--drift', drift) }),
})

/** Zero-shot pairs from the values of `--pair`. */
export async function wordPairs(
  values: readonly string[],
  {
    encoder: { card, text },
    threshold: confidence,
  }: { readonly encoder: OpenedEncoder; readonly threshold?: string | undefined },
  { signal }: CommandSession,
): Promise<readonly ConceptPair[]> {
  if (text === null) throw readsNoText(card.id)
  const builtIn = await builtInPairs()
  const threshold: ConceptThreshold | undefined =
    confidence === undefined ? undefined : { confidence: decimalNumber('--threshold', confidence) }
  const pairs: ConceptPair[] = []
  for (const value of values) {
    pairs.push(
      await embedConceptPair({
        words: pairWords(value, builtIn),
        textEncoder: text,
        ...(card.logitScale !== null && { logitScale: card.logitScale }),
        ...(threshold && { threshold }),
        signal,
      }),
    )
  }
  return pairs
}

/** What to throw where a model reads no text. */
export const readsNoText = (id: string): AssayError =>
  new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `${id} embeds no text, so words cannot become a filter.`,
    value: id,
    remedy: 'Choose a model with both towers, or give a filter as a file by --filter.',
  })

const oneOfBoth = (pair: readonly string[], path: string | undefined): AssayError =>
  new AssayError({
    code: 'CONFIG_MISSING',
    message:
      path === undefined ? 'No filter is named.' : 'A filter is named by words and by a file.',
    value: pair,
    remedy: 'Give pairs by --pair, for instance "tiger/animal", or a file by --filter; not both.',
  })

const thresholdOfFile = (value: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: '--threshold would overrule the thresholds of the filter in the file.',
    value,
    remedy: 'Leave it out; `assay filter calibrate` sets thresholds anew.',
  })

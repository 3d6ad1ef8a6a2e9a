import { AssayError, closestName, type Matrix, type TextEncoder } from '@assay/core'
import type { ConceptPair } from './concept-pair.js'
import { type ConceptPreset, conceptPreset, conceptPresets } from './concept-presets.js'
import { type CreateConceptPairOptions, createConceptPair } from './create-concept-pair.js'

/** How words become a pair. */
export interface EmbedConceptPairOptions
  extends Pick<CreateConceptPairOptions, 'scoreForm' | 'logitScale' | 'threshold'> {
  /** Words of both sides: the id of a preset, a preset, or your own; several prompts a side are averaged. */
  readonly words: string | ConceptPreset
  /** Of the same space as the pictures that will be checked. */
  readonly textEncoder: TextEncoder
  readonly signal?: AbortSignal
}

/**
 * A zero-shot pair from its words.
 *
 * @throws AssayError `INVALID_ARGUMENT` for an unknown preset or words that the encoder refuses, and what
 *   {@link createConceptPair} and the encoder throw
 */
export async function embedConceptPair(options: EmbedConceptPairOptions): Promise<ConceptPair> {
  const { words: given, textEncoder, signal, ...settings } = options
  const words = typeof given === 'string' ? presetOf(given) : given
  const embed = async (prompts: readonly string[]) => ({
    prompts,
    embeddings: await embedPrompts(prompts, { textEncoder, signal }),
  })
  return createConceptPair({
    ...settings,
    id: words.id,
    relation: words.relation,
    unacceptable: await embed(words.unacceptable),
    acceptable: await embed(words.acceptable),
    encoderId: textEncoder.id,
  })
}

function presetOf(id: string): ConceptPreset {
  const preset = conceptPreset(id)
  if (preset) return preset
  const known = conceptPresets.map((each) => each.id)
  const closest = closestName(id, known)
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `There is no preset "${id}".`,
    value: id,
    remedy: closest ? `Did you mean "${closest}"?` : `Presets: ${known.join(', ')}.`,
  })
}

async function embedPrompts(
  prompts: readonly string[],
  {
    textEncoder,
    signal,
  }: { readonly textEncoder: TextEncoder; readonly signal: AbortSignal | undefined },
): Promise<Matrix> {
  const texts = prompts.map((text, at) => ({ id: String(at), text }))
  const { embeddings, failures } = await textEncoder.embedTexts(texts, signal && { signal })
  const [failure] = failures
  if (failure === undefined) return embeddings
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The words "${prompts[Number(failure.id)]}" could not be embedded: ${failure.message}`,
    value: prompts[Number(failure.id)],
    remedy: 'Name the concept in other words, or take another encoder.',
  })
}

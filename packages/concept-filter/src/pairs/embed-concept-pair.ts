import { AssayError, type Matrix, type TextEncoder } from '@assay/core'
import type { ConceptPair } from './concept-pair.js'
import type { ConceptPreset } from './concept-presets.js'
import { type CreateConceptPairOptions, createConceptPair } from './create-concept-pair.js'

/** How words become a pair. */
export interface EmbedConceptPairOptions
  extends Pick<CreateConceptPairOptions, 'scoreForm' | 'logitScale' | 'threshold'> {
  /** Words of both sides: a preset, or your own. */
  readonly words: ConceptPreset
  /** Of the same space as the pictures that will be checked. */
  readonly textEncoder: TextEncoder
  readonly signal?: AbortSignal
}

/**
 * A zero-shot pair from its words.
 *
 * @throws AssayError `INVALID_ARGUMENT` for words that the encoder refuses, and what
 *   {@link createConceptPair} and the encoder throw
 */
export async function embedConceptPair(options: EmbedConceptPairOptions): Promise<ConceptPair> {
  const { words, textEncoder, signal, ...settings } = options
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

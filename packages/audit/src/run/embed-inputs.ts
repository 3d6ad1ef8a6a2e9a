import { AssayError, type AuditSet, type Progress } from '@assay/core'
import { embedPictures, embedPrompts, type OpenedEncoder } from '@assay/embed'
import type { Cache } from '@assay/store'
import type { CollectedInputs, CollectedSet } from './collect-inputs.js'

/** What embedding needs. */
export interface EmbedInputsOptions {
  readonly encoder: OpenedEncoder
  readonly cache: Cache
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** The embedded sets; those that the configuration does not name are null. */
export interface EmbeddedInputs {
  readonly outputs: AuditSet
  readonly protected: AuditSet | null
  readonly reference: AuditSet | null
  readonly training: AuditSet | null
}

/** Embeds every picture and the prompts of the outputs, through the cache. */
export async function embedInputs(
  inputs: CollectedInputs,
  options: EmbedInputsOptions,
): Promise<EmbeddedInputs> {
  const embed = async (set: CollectedSet | null) => (set ? embedSet(set, options) : null)
  return {
    outputs: await embedSet(inputs.outputs, options),
    protected: await embed(inputs.protected),
    reference: await embed(inputs.reference),
    training: await embed(inputs.training),
  }
}

async function embedSet(set: CollectedSet, options: EmbedInputsOptions): Promise<AuditSet> {
  const { encoder, cache, progress, signal } = options
  const { pictures, failures } = set.content
  const embedded = await embedPictures({
    encoder: imageEncoder(encoder),
    pictures,
    cache,
    task: `embed ${set.name}`,
    progress,
    signal,
  })
  const embeddedIds = new Set(embedded.embeddings.ids)
  const usable = pictures.filter(({ id }) => embeddedIds.has(id))
  return {
    items: usable.map(({ id, path, prompt, metadata }) => ({ id, path, prompt, metadata })),
    embeddings: embedded.embeddings,
    ...(set.name === 'outputs' ? await embedPromptsOf(usable, options) : noPrompts),
    failures: [...failures, ...embedded.failures],
  }
}

type PromptPart = Pick<AuditSet, 'promptEmbeddings' | 'truncatedPrompts'>
const noPrompts: PromptPart = { promptEmbeddings: null, truncatedPrompts: [] }

async function embedPromptsOf(
  items: readonly { readonly prompt: string | null }[],
  { encoder, cache, progress, signal }: EmbedInputsOptions,
): Promise<PromptPart> {
  const prompts = items.flatMap(({ prompt }) => prompt ?? [])
  if (encoder.text === null || prompts.length === 0) return noPrompts
  const { embeddings, truncated } = await embedPrompts({
    encoder: encoder.text,
    prompts,
    cache,
    progress,
    signal,
  })
  return { promptEmbeddings: embeddings, truncatedPrompts: truncated ?? [] }
}

function imageEncoder({ card, image }: OpenedEncoder) {
  if (image !== null) return image
  throw new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `${card.id} embeds no pictures.`,
    value: card.id,
    remedy: 'Choose a model whose card has an image part; `assay models ls` lists them.',
  })
}

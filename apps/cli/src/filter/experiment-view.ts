import { type ConceptPair, embedConceptPair } from '@assay/concept-filter'
import type { ExperimentEncoder, FilterExperiment } from '@assay/concept-filter/node'
import { AssayError, type Matrix, selectRows } from '@assay/core'
import type { CommandSession } from '../command-session.js'
import { readsNoText } from './open-filter.js'

/** An experiment as one of its encoders sees it. */
export interface ExperimentView {
  readonly encoder: string
  readonly fingerprint: string | null
  /** The zero-shot pair of each concept, by its id. */
  readonly pairs: ReadonlyMap<string, ConceptPair>
  /** Raw embeddings of the pictures with these seeds. */
  pictures(seeds: readonly number[]): Matrix
  /** The same as they leave the system: flagged ones are the replacement. */
  outputs(seeds: readonly number[], flagged: readonly boolean[]): Matrix
  /** Embeddings of prompts, one row each. */
  prompts(prompts: readonly string[]): Promise<Matrix>
}

/**
 * Opens the encoder again that embedded the pictures, for the words.
 *
 * @throws AssayError `FINGERPRINT_MISMATCH` where it is another build, `MODEL_UNKNOWN`,
 *   `MODEL_INCOMPATIBLE`, `MISSING_INPUT` for a picture without embedding
 */
export async function openExperimentView(
  stored: ExperimentEncoder,
  { pairs: words, replacement }: FilterExperiment,
  { openEncoder, signal }: CommandSession,
): Promise<ExperimentView> {
  const { card, text, fingerprint, ...build } = await openEncoder(stored.id)
  assertSameBuild(stored, build)
  if (text === null) throw readsNoText(card.id)
  const logitScale = card.logitScale ?? undefined
  const pairs = new Map<string, ConceptPair>()
  for (const each of words) {
    pairs.set(
      each.id,
      await embedConceptPair({
        words: each,
        textEncoder: text,
        ...(logitScale !== undefined && { logitScale }),
        signal,
      }),
    )
  }
  // The decoder may be another version than the one that embedded: pictures were handed over as pixels.
  const embeddings: Matrix = { ...stored.embeddings, fingerprint }
  const rowOf = new Map(embeddings.ids?.map((id, row) => [id, row]))
  const take = (ids: readonly string[]) => {
    const { ids: _, ...unnamed } = embeddings
    return selectRows(
      { ...unnamed, ids: null },
      ids.map((id) => rowOf.get(id) ?? missingPicture(id)),
    )
  }
  return {
    encoder: card.id,
    fingerprint,
    pairs,
    pictures: (seeds) => take(seeds.map(String)),
    outputs: (seeds, flagged) =>
      take(seeds.map((seed, at) => (flagged[at] === true ? replacement : String(seed)))),
    async prompts(prompts) {
      const texts = prompts.map((prompt, at) => ({ id: String(at), text: prompt }))
      const { embeddings: rows, failures } = await text.embedTexts(texts, { signal })
      const [failure] = failures
      if (failure !== undefined) throw notEmbedded(prompts[Number(failure.id)], failure.message)
      return rows
    },
  }
}

function assertSameBuild(
  stored: ExperimentEncoder,
  build: { readonly weightsSha256: string; readonly preprocessingHash: string | null },
): void {
  const { weightsSha256, preprocessingHash } = stored
  if (weightsSha256 === build.weightsSha256 && preprocessingHash === build.preprocessingHash) return
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `The pictures were embedded by another build of ${stored.id} than the one here.`,
    value: build.weightsSha256,
    remedy: 'Embed the pictures anew, by models/recipes/concept-filter.',
  })
}

function missingPicture(id: string): never {
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: `The experiment has no embedding of the picture "${id}".`,
    value: id,
    remedy: 'Embed the pictures anew, by models/recipes/concept-filter.',
  })
}

const notEmbedded = (prompt: string | undefined, reason: string): AssayError =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The prompt ${JSON.stringify(prompt)} could not be embedded: ${reason}`,
    value: prompt,
    remedy: 'Leave the prompt out of the experiment.',
  })

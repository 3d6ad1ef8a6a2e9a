import {
  AssayError,
  createMatrix,
  type EmbeddingBatch,
  type ImageEncoder,
  type ImageInput,
  type ItemFailure,
  itemFailure,
  type Progress,
  selectRows,
} from '@assay/core'
import { inBatches, mapInOrder } from '@assay/core/iteration'
import type { ConceptDecision } from '../filter/concept-decision.js'
import type { ConceptFilter } from '../filter/concept-filter.js'

/** What is checked, and how. */
export interface CheckPicturesOptions {
  readonly filter: ConceptFilter
  /** Of the space, weights and preprocessing that the filter's pairs were made with. */
  readonly encoder: ImageEncoder
  /** Taken as they are needed, never all at once. Ids must be distinct within a batch. */
  readonly pictures: Iterable<ImageInput> | AsyncIterable<ImageInput>
  /** Pictures embedded in one call. Default: 32. */
  readonly batchSize?: number
  /** Batches embedded at once. At most `batchSize x (concurrency + 1)` pictures are held. Default: 2. */
  readonly concurrency?: number
  /** Pictures in all, for `progress`. Default: null, not known. */
  readonly total?: number | null
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** A picture with its decision, or with why there is none. */
export type CheckedPicture =
  | {
      readonly outcome: 'decided'
      readonly picture: ImageInput
      readonly decision: ConceptDecision
    }
  | {
      readonly outcome: 'failed'
      readonly picture: ImageInput
      readonly failure: ItemFailure
    }

/**
 * Embeds pictures and decides on each, in their order. Memory does not grow with their number. A picture
 * that cannot be read, embedded or judged is a value, and the others go on: nothing is known of it, so do
 * not let it pass for one that was not flagged.
 *
 * @throws AssayError at once: `SHAPE_MISMATCH` or `FINGERPRINT_MISMATCH` for an encoder of another space than
 *   the filter's, `INVALID_ARGUMENT` (batch size, concurrency); from the iteration: `ABORTED`, and what
 *   the encoder throws for a whole batch
 */
export function checkPictures(options: CheckPicturesOptions): AsyncGenerator<CheckedPicture> {
  const { filter, encoder, batchSize = 32, concurrency = 2 } = options
  assertCount('batchSize', batchSize)
  assertCount('concurrency', concurrency)
  const { dimensions: columns, fingerprint } = encoder
  filter.check(createMatrix({ data: new Float32Array(0), columns, fingerprint })) // Refuses another space.
  return checkBatches({ ...options, batchSize, concurrency })
}

async function* checkBatches(
  options: CheckPicturesOptions & { readonly batchSize: number; readonly concurrency: number },
): AsyncGenerator<CheckedPicture> {
  const { pictures, batchSize, concurrency, total = null, progress } = options
  const batches = inBatches(pictures, batchSize)
  const task = 'check pictures'
  let done = 0
  for await (const batch of mapInOrder(batches, concurrency, (each) => checkBatch(each, options))) {
    for (const checked of batch) {
      done += 1
      progress?.({ task, done, total })
      yield checked
    }
  }
}

async function checkBatch(
  pictures: readonly ImageInput[],
  { filter, encoder, signal }: CheckPicturesOptions,
): Promise<readonly CheckedPicture[]> {
  if (signal?.aborted) throw abortedError(signal)
  const batch = await encoder.embedImages(pictures, signal ? { signal } : {})
  const failures = new Map(batch.failures.map((failure) => [failure.id, failure]))
  const rows = new Map(batch.embeddings.ids?.map((id, row) => [id, row]))
  return pictures.map((picture) => {
    const failure = failures.get(picture.id)
    if (failure !== undefined) return { outcome: 'failed', picture, failure }
    const row = rows.get(picture.id)
    if (row === undefined) throw missingOutcome(encoder.id, picture.id)
    return judge(picture, filter, selectRows(batch.embeddings, [row]))
  })
}

/** What one unusable embedding is called; anything else is wrong with all of them. */
const unusable = ['ZERO_VECTOR', 'NOT_FINITE']

function judge(
  picture: ImageInput,
  filter: ConceptFilter,
  embedding: EmbeddingBatch['embeddings'],
): CheckedPicture {
  try {
    const [decision] = filter.check(embedding)
    return { outcome: 'decided', picture, decision: decision as ConceptDecision }
  } catch (error) {
    if (!AssayError.isInstance(error) || !unusable.includes(error.code)) throw error
    return { outcome: 'failed', picture, failure: itemFailure(picture.id, 'judge', error) }
  }
}

const abortedError = (signal: AbortSignal) =>
  new AssayError({
    code: 'ABORTED',
    message: 'The check of pictures was stopped by its caller.',
    remedy: 'Start it again with the pictures that have no decision.',
    cause: signal.reason,
  })

const missingOutcome = (encoder: string, id: string) =>
  new AssayError({
    code: 'CONFORMANCE_FAILED',
    message: `The encoder ${encoder} gave neither an embedding nor a failure for "${id}".`,
    value: id,
    remedy: 'Hold the encoder to its contract with `checkEncoder` of @assay/core/testing.',
    location: { id },
  })

function assertCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `\`${name}\` must be a whole number of at least 1.`,
    value,
    remedy: `Leave \`${name}\` out for the default.`,
  })
}

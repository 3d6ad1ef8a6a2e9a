import { setMaxListeners } from 'node:events'
import {
  AssayError,
  createMatrix,
  type EmbeddingBatch,
  type EngineSession,
  type ItemFailure,
  itemFailure,
  type Tensor,
} from '@assay/core'
import { mapInOrder } from '@assay/core/iteration'
import { normalizeRows } from '@assay/core/linear-algebra'
import type { CardTensor, Pooling } from '../card/model-card.js'
import { assertNotAborted } from '../pipeline/aborted-error.js'
import { poolTokens } from './pool-tokens.js'

/** One half of an encoder: what turns items into vectors. */
export interface Tower<Item, Values> {
  readonly session: EngineSession
  readonly outputName: string
  readonly pooling: Pooling
  readonly dimensions: number
  readonly fingerprint: string
  /** Whether vectors are brought to unit length. */
  readonly normalize: boolean
  /** What failures of `prepare` call their stage. */
  readonly stage: 'decode' | 'tokenize'
  /** Items in one run. */
  readonly batchSize: number
  /** Items that are prepared side by side. */
  readonly preparations: number
  /** The input of one item. What it throws about an item is that item's failure. */
  prepare(item: Item, signal: AbortSignal | undefined): Promise<Values>
  /** The inputs of the graph for several items, with the batch in front. */
  feed(inputs: readonly Values[]): Record<string, Tensor>
  /** Rows of an item's output that count in a mean; all of them by default. */
  rowsOf?(values: Values): number
}

/**
 * Items in one run of a model. Measured on ViT-B/32: eight cost a fifth less an item than one, more
 * save nothing.
 */
const usualBatchSize = 8

/** Items in one run of a model with this input, whose first dimension is free or 1. */
export const batchSizeOf = ({ shape: [batch] }: CardTensor): number =>
  typeof batch === 'number' ? batch : usualBatchSize

interface Prepared<Values> {
  readonly index: number
  readonly id: string
  readonly values: Values
}

type Outcome = Float32Array | ItemFailure

/** Errors that speak of one item, besides those of pictures; every other error ends the work. */
const itemCodes: ReadonlySet<string> = new Set(['ZERO_VECTOR', 'NOT_FINITE', 'LIMIT_EXCEEDED'])

function failureOf(id: string, stage: string, error: unknown): ItemFailure {
  const own = AssayError.isInstance(error) && (error.kind === 'image' || itemCodes.has(error.code))
  if (!own) throw error
  return itemFailure(id, stage, error)
}

/**
 * Embeds items: prepares them side by side while the model runs, in batches, as often at once as the
 * engine can. The rows are in the order of the items; an item that cannot be prepared, or whose vector has
 * no direction, is a failure.
 */
export async function embedItems<Item extends { readonly id: string }, Values>(
  tower: Tower<Item, Values>,
  items: readonly Item[],
  signal: AbortSignal | undefined,
): Promise<EmbeddingBatch> {
  // Every item under way listens; each of them stops listening when it is done.
  if (signal) setMaxListeners(0, signal)
  const outcomes = new Map<number, Outcome>()
  const batches = batchesOf(tower, { items, outcomes, signal })
  const runs = mapInOrder(batches, tower.session.concurrency + 1, async (batch) => ({
    batch,
    vectors: await runBatch(tower, batch, signal),
  }))
  for await (const { batch, vectors } of runs) {
    batch.forEach(({ index, id }, row) => {
      const start = row * tower.dimensions
      const vector = vectors.slice(start, start + tower.dimensions)
      outcomes.set(index, checkedVector(id, vector, tower.normalize))
    })
  }
  return collect(tower, items, outcomes)
}

interface Work<Item> {
  readonly items: readonly Item[]
  readonly outcomes: Map<number, Outcome>
  readonly signal: AbortSignal | undefined
}

async function* batchesOf<Item extends { readonly id: string }, Values>(
  tower: Tower<Item, Values>,
  { items, outcomes, signal }: Work<Item>,
): AsyncGenerator<Prepared<Values>[]> {
  const prepared = mapInOrder(items.entries(), tower.preparations, async ([index, item]) => {
    assertNotAborted(signal)
    try {
      return { index, id: item.id, values: await tower.prepare(item, signal) }
    } catch (error) {
      outcomes.set(index, failureOf(item.id, tower.stage, error))
      return null
    }
  })
  let batch: Prepared<Values>[] = []
  for await (const item of prepared) {
    if (item !== null) batch.push(item)
    if (batch.length < tower.batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function runBatch<Item, Values>(
  tower: Tower<Item, Values>,
  batch: readonly Prepared<Values>[],
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const { session, outputName, pooling, dimensions, rowsOf } = tower
  const inputs = batch.map(({ values }) => values)
  const outputs = await session.run(tower.feed(inputs), {
    outputs: [outputName],
    transfer: true,
    ...(signal && { signal }),
  })
  const output = outputs[outputName]
  const [items, rows = 0] = output?.dims ?? []
  const fits = items === batch.length && output?.dims.at(-1) === dimensions
  if (output?.type === 'float32' && fits) {
    if (pooling === 'none' && output.dims.length === 2) return output.data
    if (pooling !== 'none' && output.dims.length === 3) {
      const counted = inputs.map((values) => rowsOf?.(values) ?? rows)
      return poolTokens(output.data, { pooling, rows, dimensions, counted })
    }
  }
  throw wrongOutput(tower, output, batch.length)
}

function wrongOutput<Item, Values>(
  { outputName, dimensions, pooling }: Tower<Item, Values>,
  output: Tensor | undefined,
  items: number,
): AssayError {
  const row = pooling === 'none' ? 'one float32 row' : 'float32 rows, one a token,'
  return new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `The output ${outputName} is ${output?.type}[${output?.dims.join(', ')}] for ${items} items.`,
    value: output?.dims,
    remedy: `Export the model with ${row} of ${dimensions} values for each item.`,
  })
}

function checkedVector(id: string, vector: Float32Array, normalize: boolean): Outcome {
  try {
    const row = createMatrix({ data: vector, columns: vector.length, ids: [id] })
    const unit = normalizeRows(row)
    return normalize ? unit.data : vector
  } catch (error) {
    return failureOf(id, 'embed', error)
  }
}

function collect<Item extends { readonly id: string }, Values>(
  { dimensions, fingerprint, normalize }: Tower<Item, Values>,
  items: readonly Item[],
  outcomes: ReadonlyMap<number, Outcome>,
): EmbeddingBatch {
  const failures: ItemFailure[] = []
  const ids: string[] = []
  const data = new Float32Array(items.length * dimensions)
  items.forEach(({ id }, index) => {
    const outcome = outcomes.get(index)
    if (outcome instanceof Float32Array) data.set(outcome, (ids.push(id) - 1) * dimensions)
    else if (outcome) failures.push(outcome)
  })
  const embeddings = createMatrix({
    data: data.slice(0, ids.length * dimensions),
    columns: dimensions,
    ids,
    normalized: normalize,
    fingerprint,
  })
  return { embeddings, failures }
}

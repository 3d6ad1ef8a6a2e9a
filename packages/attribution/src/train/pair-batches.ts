import { AssayError, createRandom, type Matrix, type Random, type Tensor } from '@assay/core'
import type { Batch, TensorShape } from '@assay/tensor/train'
import type { ModelFeatures, TrainingModel } from './training-models.js'

/** In which order models and their pictures come. */
export type PairOrder = 'shuffled' | 'as-given'

/** Which pairs make the batches. */
export interface PairBatchesOptions extends ModelFeatures {
  readonly models: readonly TrainingModel[]
  /** Pairs a batch at most, each of another model. */
  readonly batchSize: number
  readonly steps: number
  readonly order: PairOrder
  readonly seed: number | string
  /** Real pictures of no model, of which `poolRows` come with each batch; null for none. */
  readonly pool: Matrix | null
  readonly poolRows: number
  readonly type: 'float32' | 'float64'
}

/** Tensors of every batch. With a pool there is a third, `pool`. */
export type PairInput = 'real' | 'synthetic'

/** Rows that a batch is gathered from. */
interface PairRows {
  readonly real: readonly number[]
  readonly synthetic: readonly number[]
}

/**
 * Batches of pairs. A pass visits every model once, in random order, and is cut into batches of nearly
 * equal size: so no batch holds two pairs of one model, whose exemplars would be taken for each other's
 * negatives, and models with many pictures count no more than others. At each visit a model gives one
 * of its exemplars, drawn anew, and the next of its queries, all of which come before one comes again.
 * `as-given` takes models, exemplars and queries in their order instead.
 */
export function pairBatches(options: PairBatchesOptions): Iterable<Batch<PairInput>> {
  const { exemplars, queries, pool, poolRows, steps, seed, type } = options
  function* iterate(): Generator<Batch<PairInput>, void, undefined> {
    const random = createRandom(seed)
    const negatives = pool && turns(pool.rows, random.fork('pool'))
    let step = 0
    for (const { real, synthetic } of pairRows(options, random.fork('pairs'))) {
      if (step === steps) return
      step += 1
      yield {
        real: gather(exemplars, real, type),
        synthetic: gather(queries, synthetic, type),
        ...(pool && negatives && { pool: gather(pool, take(negatives, poolRows), type) }),
      }
    }
  }
  return { [Symbol.iterator]: iterate }
}

/** Types and shapes of the batches' tensors; the pool has rows of its own. */
export function pairShapes({
  exemplars: { columns },
  pool,
  poolRows,
  type,
}: PairBatchesOptions): Record<PairInput, TensorShape> {
  const pairs = { type, shape: ['rows', columns] } as const
  const negatives = { type, shape: [poolRows, columns] } as const
  return { real: pairs, synthetic: pairs, ...(pool && { pool: negatives }) }
}

/** Batches in a pass over all models. */
export const batchesPerPass = (models: number, batchSize: number): number =>
  Math.ceil(models / batchSize)

/** Rows of batches, without end. */
export function* pairRows(
  { models, batchSize, order }: Pick<PairBatchesOptions, 'models' | 'batchSize' | 'order'>,
  random: Random,
): Generator<PairRows, never, undefined> {
  assertBatchSize(batchSize, models.length)
  const inOrder = models.map((_, model) => model)
  const shuffled = order === 'shuffled'
  const queryTurns = models.map(({ queries }) => turns(queries.length, shuffled ? random : null))
  const batches = batchesPerPass(models.length, batchSize)
  for (let pass = 0; ; pass++) {
    const visited = shuffled ? random.shuffle(inOrder) : inOrder
    for (let batch = 0; batch < batches; batch++) {
      const [start, end] = [batch, batch + 1].map((at) =>
        Math.round((at * visited.length) / batches),
      )
      const chosen = visited.slice(start, end)
      const real = chosen.map((model) => {
        const { exemplars } = models[model]!
        return exemplars[shuffled ? random.integer(exemplars.length) : pass % exemplars.length]!
      })
      const synthetic = chosen.map(
        (model) => models[model]!.queries[queryTurns[model]!.next().value]!,
      )
      yield { real, synthetic }
    }
  }
}

/** Numbers below `count` without end: all of them, in their order or at random, then all again. */
function* turns(count: number, random: Random | null): Generator<number, never, undefined> {
  const inOrder = Array.from({ length: count }, (_, at) => at)
  for (;;) yield* random ? random.shuffle(inOrder) : inOrder
}

const take = (source: Iterator<number, never>, count: number): number[] =>
  Array.from({ length: count }, () => source.next().value)

/** Some rows of a matrix as a tensor in memory of its own. */
function gather({ data, columns }: Matrix, rows: readonly number[], type: 'float32' | 'float64') {
  const dims = [rows.length, columns]
  const length = rows.length * columns
  const values = type === 'float64' ? new Float64Array(length) : new Float32Array(length)
  rows.forEach((row, at) => {
    values.set(data.subarray(row * columns, (row + 1) * columns), at * columns)
  })
  return { type, dims, data: values } as Tensor
}

function assertBatchSize(batchSize: number, models: number): void {
  if (models < 2) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: `A head cannot be trained on ${models} model: there is nothing to tell it from.`,
      value: models,
      remedy: 'Give at least two models, better hundreds.',
    })
  }
  if (Number.isSafeInteger(batchSize) && batchSize >= 2) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A batch cannot have ${batchSize} pairs.`,
    value: batchSize,
    remedy: 'Give a whole number from 2.',
  })
}

import { AssayError, createRandom, type Tensor } from '@assay/core'
import { typedArrays } from '../worker/typed-arrays.js'
import type { Batch } from './batch.js'

/** Which rows make the batches. */
export interface ShuffledBatchesOptions<Input extends string = string> {
  /** Tensors whose first axes belong together, by name. */
  readonly rows: Readonly<Record<Input, Tensor>>
  /** Rows of a batch; the last of an epoch has what is left. */
  readonly batchSize: number
  /** How often every row comes. Default 1. */
  readonly epochs?: number
  /** Seed of the order, which is another one in every epoch. */
  readonly seed: number | string
}

/**
 * All rows in random order, batch by batch, once an epoch. The batches are copies in memory of their
 * own, and come out the same whenever they are iterated: an epoch's order depends on the seed and the
 * epoch's number only.
 *
 * @throws AssayError `EMPTY_INPUT` without rows, `SHAPE_MISMATCH` where tensors differ in their number
 *   of rows or their data do not fill them, `INVALID_ARGUMENT` where batch size or epochs is no
 *   positive integer
 */
export function shuffledBatches<Input extends string>({
  rows,
  batchSize,
  epochs = 1,
  seed,
}: ShuffledBatchesOptions<Input>): Iterable<Batch<Input>> {
  const tensors = Object.entries<Tensor>(rows)
  const count = countRows(tensors)
  assertPositive('batchSize', batchSize)
  assertPositive('epochs', epochs)
  const random = createRandom(seed)
  const inOrder = Array.from({ length: count }, (_, row) => row)

  function* iterate(): Generator<Batch<Input>, void, undefined> {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const order = random.fork(`epoch ${epoch}`).shuffle(inOrder)
      for (let start = 0; start < count; start += batchSize) {
        const chosen = order.slice(start, start + batchSize)
        const batch = tensors.map(([name, tensor]) => [name, gatherRows(tensor, chosen)])
        yield Object.fromEntries(batch) as Batch<Input>
      }
    }
  }
  return { [Symbol.iterator]: iterate }
}

/** How many rows all tensors have. */
function countRows(tensors: readonly (readonly [string, Tensor])[]): number {
  const count = tensors[0]?.[1].dims[0] ?? 0
  for (const [name, { dims, data }] of tensors) {
    const full = data.length === dims.reduce((product, size) => product * size, 1)
    if (full && dims[0] === count) continue
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `The rows '${name}' have the shape [${dims.join(', ')}] and ${data.length} values, among tensors of ${count} rows.`,
      value: dims,
      remedy: 'Give every tensor the same first size, and data that fill it.',
    })
  }
  if (count > 0) return count
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'There are no rows to make batches of.',
    remedy: 'Give at least one tensor with at least one row.',
  })
}

function assertPositive(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${name} cannot be ${value}.`,
    value,
    remedy: 'Give a whole number from 1.',
  })
}

/** Some rows of a tensor, in memory of their own. */
function gatherRows({ type, dims, data }: Tensor, rows: readonly number[]): Tensor {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const width = data.byteLength / (dims[0] as number)
  const gathered = new Uint8Array(rows.length * width)
  rows.forEach((row, at) => {
    gathered.set(bytes.subarray(row * width, (row + 1) * width), at * width)
  })
  const values = new typedArrays[type](gathered.buffer)
  return { type, dims: [rows.length, ...dims.slice(1)], data: values } as Tensor
}

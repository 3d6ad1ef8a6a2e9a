import { AssayError, type Tensor } from '@assay/core'
import type { TensorShape } from './training-graph.js'

/** What one step learns from: tensors by name. */
export type Batch<Input extends string = string> = Readonly<Record<Input, Tensor>>

/** Batches, one a step. */
export type Batches<Input extends string = string> =
  | Iterable<Batch<Input>>
  | AsyncIterable<Batch<Input>>

/** Types and shapes of batches like this one, with any number of rows, but the same in all tensors. */
export function shapesOfBatch<Input extends string>(
  batch: Batch<Input>,
): Record<Input, TensorShape> {
  const shapes = Object.entries<Tensor>(batch).map(([name, { type, dims }]) => {
    const shape = dims.map((size, axis) => (axis === 0 ? 'rows' : size))
    return [name, { type, shape }]
  })
  return Object.fromEntries(shapes) as Record<Input, TensorShape>
}

/**
 * Checks a batch before it is run.
 *
 * @throws AssayError `MISSING_INPUT` where a tensor is missing, `INVALID_ARGUMENT` where one is unknown,
 *   `SHAPE_MISMATCH` where a type or shape differs or the data do not fill it, `EMPTY_INPUT` where
 *   there are no data
 */
export function assertBatch(
  batch: Batch,
  shapes: Readonly<Record<string, TensorShape>>,
  step: number,
): void {
  const fail = (code: AssayError['code'], fault: string, value: unknown) => {
    const remedy = 'Give every batch the tensors of the first, with equally many rows each.'
    return new AssayError({ code, message: `Batch ${step} ${fault}.`, value, remedy })
  }
  const unknown = Object.keys(batch).find((name) => !Object.hasOwn(shapes, name))
  if (unknown !== undefined) throw fail('INVALID_ARGUMENT', `has an unknown '${unknown}'`, unknown)
  const sizes = new Map<string, number>()
  for (const [name, expected] of Object.entries(shapes)) {
    const tensor = batch[name]
    if (!tensor) throw fail('MISSING_INPUT', `lacks '${name}'`, name)
    const given = `${tensor.type}[${tensor.dims.join(', ')}]`
    const wanted = `${expected.type}[${expected.shape.join(', ')}]`
    if (!fits(tensor, expected, sizes)) {
      const rows = [...sizes].map(([size, value]) => ` with ${size} = ${value}`).join()
      throw fail('SHAPE_MISMATCH', `has '${name}' as ${given}, not ${wanted}${rows}`, tensor.dims)
    }
    if (tensor.data.length === 0) throw fail('EMPTY_INPUT', `has no data in '${name}'`, tensor.dims)
  }
}

/** Whether a tensor has the expected type and shape; named sizes are noted, and must stay the same. */
function fits(
  { type, dims, data }: Tensor,
  expected: TensorShape,
  sizes: Map<string, number>,
): boolean {
  if (type !== expected.type || dims.length !== expected.shape.length) return false
  const agree = expected.shape.every((size, axis) => {
    const given = dims[axis] as number
    if (typeof size === 'number') return given === size
    if (!sizes.has(size)) sizes.set(size, given)
    return sizes.get(size) === given
  })
  return agree && data.length === dims.reduce((product, size) => product * size, 1)
}

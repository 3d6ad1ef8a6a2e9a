import type { Tensor, TensorData } from '../../contracts/engine.js'
import { createRandom } from '../../random/create-random.js'
import { randomMatrix } from '../random-matrix.js'
import { productModel, sumsModel, typesModel } from './engine-models.js'

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))

/** `NAME_out = NAME_in` for each element type, of shape [n]. */
export const typesGraph = (): Uint8Array => bytesOf(typesModel)
/** `sum = x + shift` and `difference = x - shift`; x of shape [n, 3], shift a scalar. */
export const sumsGraph = (): Uint8Array => bytesOf(sumsModel)
/** `y = tanh(a b)`; a of shape [m, k], b of shape [k, n]. */
export const productGraph = (): Uint8Array => bytesOf(productModel)

/** A float32 tensor. */
export type Floats = Extract<Tensor, { type: 'float32' }>

/** Makes a float32 tensor. */
export const floats = (dims: readonly number[], data: Iterable<number>): Floats => ({
  type: 'float32',
  dims,
  data: Float32Array.from(data),
})

/** Values of every element type that a careless carrier would change. */
const delicateValues: TensorData = {
  float32: Float32Array.of(-0, 1e-45, Number.POSITIVE_INFINITY, Number.NaN, 3.4e38, 0.1),
  float64: Float64Array.of(-0, 5e-324, Number.NEGATIVE_INFINITY, Number.NaN, 1.7e308, 0.1),
  float16: Uint16Array.of(0x8000, 0x0001, 0x7c00, 0x7e00, 0x7bff, 0x2e66),
  int64: BigInt64Array.of(0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 1n),
  int32: Int32Array.of(0, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1, 1),
  uint8: Uint8Array.of(0, 1, 127, 128, 254, 255),
  bool: Uint8Array.of(0, 1, 1, 0, 1, 0),
}

/** Names of all element types. */
export const elementTypes = Object.keys(delicateValues) as readonly (keyof TensorData)[]

/** Feeds of {@link typesGraph}: the first `count` of six delicate values each. */
export const delicateFeeds = (count: number): Record<string, Tensor> =>
  Object.fromEntries(
    elementTypes.map((type) => {
      const data = delicateValues[type].slice(0, count)
      return [`${type}_in`, { type, dims: [count], data } as Tensor]
    }),
  )

/** Feeds of {@link sumsGraph}: x counts up from `first`, in `rows` rows. */
export const sumsFeeds = (first = 0, rows = 2) => ({
  x: floats(
    [rows, 3],
    Array.from({ length: rows * 3 }, (_, at) => first + at),
  ),
  shift: floats([], [0.5]),
})

/** What {@link sumsGraph} makes of {@link sumsFeeds}; exact in float32. */
export const sumsResults = (first = 0, rows = 2) => {
  const { dims, data } = sumsFeeds(first, rows).x
  const shifted = (by: number) =>
    floats(
      dims,
      data.map((value) => value + by),
    )
  return { sum: shifted(0.5), difference: shifted(-0.5) }
}

/** Feeds of {@link productGraph}: seeded normal values, [17, 65] by [65, 33]. */
export const productFeeds = () => {
  const normal = (seed: string, rows: number, columns: number) => {
    const { data } = randomMatrix(createRandom(seed), { rows, columns, values: 'normal' })
    return floats([rows, columns], data)
  }
  return { a: normal('a', 17, 65), b: normal('b', 65, 33) }
}

import { AssayError, type Tensor } from '@assay/core'
import { decodeFloat16, encodeFloat16, parseNpy, writeNpy } from '@assay/core/formats'

/** Element types that travel. */
export type WireType = 'float16' | 'float32' | 'float64'

/** What an array must be. */
export interface ExpectedArray {
  readonly type: WireType
  readonly shape: readonly number[]
}

export const bytesPerWireValue = { float16: 2, float32: 4, float64: 8 } as const

/**
 * The values of an npy body in float64.
 *
 * @throws AssayError `MALFORMED_NPY`, `UNSUPPORTED_FORMAT`, `SHAPE_MISMATCH` (shape or type differ from
 *   what the session said), `NOT_FINITE` with the row
 */
export function valuesOfNpy(body: Uint8Array, { type, shape }: ExpectedArray): Float64Array {
  const tensor = parseNpy(body)
  if (tensor.type !== type || String(tensor.dims) !== String(shape)) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `An array of ${tensor.type} [${tensor.dims}] came where ${type} [${shape}] belongs.`,
      value: tensor.dims,
      remedy: 'Send what the session was begun with, or begin another session.',
    })
  }
  const values = float64Of(tensor)
  const wrong = firstNotFinite(values)
  if (wrong === -1) return values
  const row = Math.floor(wrong / (values.length / (shape[0] ?? 1)))
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `Row ${row} of the array holds ${values[wrong]}.`,
    value: values[wrong],
    location: { row },
    remedy:
      'Look for the step at which the sampler left finite numbers; float16 overflows at 65,504.',
  })
}

/** An npy body of some type from float64 values. */
export function npyOfValues(values: Float64Array, { type, shape }: ExpectedArray): Uint8Array {
  const dims = [...shape]
  if (type === 'float64') return writeNpy({ type, dims, data: values })
  if (type === 'float32') return writeNpy({ type, dims, data: new Float32Array(values) })
  // From the float64 values, for one rounding and not two.
  return writeNpy({ type, dims, data: encodeFloat16(values) })
}

/** In a loop, for it looks at every value of every call: `findIndex` takes many times as long. */
function firstNotFinite(values: Float64Array): number {
  for (let at = 0; at < values.length; at += 1) if (!Number.isFinite(values[at])) return at
  return -1
}

const float64Of = (tensor: Tensor): Float64Array =>
  tensor.type === 'float64'
    ? tensor.data
    : new Float64Array(
        tensor.type === 'float16' ? decodeFloat16(tensor.data) : (tensor.data as Float32Array),
      )

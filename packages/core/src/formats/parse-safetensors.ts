import type { Tensor } from '../contracts/engine.js'
import { formatErrors, type ParseOptions } from './format-errors.js'
import { parseSafetensorsHeader } from './parse-safetensors-header.js'
import type { SafetensorsHeader } from './safetensors-header.js'
import { tensorFromBytes } from './tensor-bytes.js'

/**
 * Reads a whole safetensors file: float16 (as bits), float32, float64, int32, int64, uint8 and bool.
 *
 * @returns metadata, and tensors by name with values of their own, in file order
 * @throws AssayError `MALFORMED_SAFETENSORS`, `UNSUPPORTED_FORMAT` (another element type),
 *   `LIMIT_EXCEEDED`
 */
export function parseSafetensors(
  bytes: Uint8Array,
  options: ParseOptions = {},
): {
  readonly metadata: SafetensorsHeader['metadata']
  readonly tensors: ReadonlyMap<string, Tensor>
} {
  const { unsupported } = formatErrors('safetensors', 'MALFORMED_SAFETENSORS', options)
  const header = parseSafetensorsHeader(bytes, options)
  const tensors = new Map<string, Tensor>()
  for (const [name, { dtype, type, shape, start, end }] of header.tensors) {
    if (type === null) {
      const remedy = 'Convert it to F32 first.'
      throw unsupported(`${dtype} values in the tensor ${JSON.stringify(name)}`, remedy, dtype)
    }
    tensors.set(name, tensorFromBytes(type, shape, bytes.subarray(start, end)))
  }
  return { metadata: header.metadata, tensors }
}

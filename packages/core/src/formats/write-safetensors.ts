import type { Tensor } from '../contracts/engine.js'
import { AssayError } from '../errors/assay-error.js'
import { safetensorsNames } from './safetensors-header.js'
import { bytesOfTensor, bytesPerValue } from './tensor-bytes.js'

const reservedNames = ['__metadata__', '__proto__']

/**
 * The bytes of a safetensors file. Tensors stand from the widest element type to the narrowest, then
 * by name, so that each is aligned and equal tensors give equal files.
 *
 * @param tensors tensors by name, float16 as bits
 * @param metadata texts for `__metadata__`. Default: none
 * @throws AssayError `SHAPE_MISMATCH`, `INVALID_ARGUMENT` (a reserved name)
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const sorted = [...tensors].sort(
    ([aName, a], [bName, b]) =>
      bytesPerValue(b.type) - bytesPerValue(a.type) || (aName < bName ? -1 : 1),
  )
  const header: Record<string, unknown> = {}
  if (metadata.size > 0) header['__metadata__'] = Object.fromEntries(metadata)
  let offset = 0
  const values = sorted.map(([name, tensor]) => {
    if (reservedNames.includes(name)) throw reserved(name)
    const bytes = bytesOfTensor(tensor)
    const range = [offset, offset + bytes.length]
    header[name] = { dtype: safetensorsNames[tensor.type], shape: tensor.dims, data_offsets: range }
    offset += bytes.length
    return bytes
  })
  return concatenate(new TextEncoder().encode(JSON.stringify(header)), values, offset)
}

function concatenate(header: Uint8Array, values: readonly Uint8Array[], length: number) {
  // Padded with spaces, so that the values start at a multiple of 8.
  const dataOffset = 8 + Math.ceil(header.length / 8) * 8
  const bytes = new Uint8Array(dataOffset + length).fill(0x20, 8, dataOffset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataOffset - 8), true)
  bytes.set(header, 8)
  let at = dataOffset
  for (const block of values) {
    bytes.set(block, at)
    at += block.length
  }
  return bytes
}

const reserved = (name: string) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A tensor cannot be named ${name}.`,
    value: name,
    remedy: 'Give it another name.',
  })

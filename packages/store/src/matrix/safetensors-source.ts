import type { FileHandle } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import {
  parseSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
  safetensorsDataOffset,
} from '@assay/core/formats'
import { readInto } from '../files/read-into.js'
import { binarySource, numberType, rowsAndColumns } from './binary-source.js'
import { matrixForm, maxIdBytes } from './matrix-form.js'
import type { MatrixSource } from './matrix-source.js'
import { distinctIds, sliceIds } from './row-ids.js'

const malformed = (path: string, reason: string) =>
  new AssayError({
    code: 'MALFORMED_SAFETENSORS',
    message: `${path} ${reason}.`,
    value: path,
    remedy: 'Write or fetch the file again.',
    location: { file: path },
  })

async function readBytes(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start)
  return bytes.subarray(0, await readInto(file, bytes, start))
}

async function readHeader(file: FileHandle, path: string): Promise<SafetensorsHeader> {
  const { size } = await file.stat()
  const offset = safetensorsDataOffset(await readBytes(file, 0, 8), { file: path })
  const head = await readBytes(file, 0, Math.min(offset, size))
  return parseSafetensorsHeader(head, { file: path, byteLength: size })
}

/** The tensor that the caller names, or `vectors`, or the only one. */
function chosenTensor(
  path: string,
  { tensors }: SafetensorsHeader,
  wanted: string | undefined,
): { name: string; entry: SafetensorsEntry } {
  const [only] = tensors.size === 1 ? tensors.keys() : []
  const name = wanted ?? (tensors.has(matrixForm.vectors) ? matrixForm.vectors : only)
  const entry = tensors.get(name ?? '')
  if (name !== undefined && entry !== undefined) return { name, entry }
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${path} has ${wanted === undefined ? 'several tensors' : `no tensor ${wanted}`}.`,
    value: wanted,
    remedy: `Choose one of its tensors: ${[...tensors.keys()].join(', ')}.`,
    location: { file: path },
  })
}

async function readIds(
  file: FileHandle,
  path: string,
  { header, rows }: { readonly header: SafetensorsHeader; readonly rows: number },
): Promise<readonly string[] | null> {
  const ids = header.tensors.get(matrixForm.ids)
  const offsets = header.tensors.get(matrixForm.idOffsets)
  if (!ids || !offsets) return null
  if (ids.dtype !== 'U8' || offsets.dtype !== 'I32' || offsets.shape.join() !== `${rows + 1}`) {
    throw malformed(path, 'has ids of another shape or type than a matrix file has')
  }
  if (ids.end - ids.start > maxIdBytes) {
    throw new AssayError({
      code: 'LIMIT_EXCEEDED',
      message: `${path} has ids of more than ${maxIdBytes} bytes.`,
      value: ids.end - ids.start,
      remedy: 'Split the file.',
      location: { file: path },
    })
  }
  const text = await readBytes(file, ids.start, ids.end)
  const places = await readBytes(file, offsets.start, offsets.end)
  const origin = { path, code: 'MALFORMED_SAFETENSORS' } as const
  const sliced = sliceIds(text, new Int32Array(places.buffer, places.byteOffset, rows + 1), origin)
  return distinctIds(sliced, rows, origin)
}

function normalizedOf(path: string, { metadata }: SafetensorsHeader): boolean | null {
  const text = metadata.get(matrixForm.normalized)
  if (text === undefined) return null
  if (text === 'true' || text === 'false') return text === 'true'
  throw malformed(path, `says "normalized": ${JSON.stringify(text)}, neither "true" nor "false"`)
}

/**
 * The rows of one tensor of a safetensors file.
 *
 * @throws AssayError `MALFORMED_SAFETENSORS`, `UNSUPPORTED_FORMAT`, `LIMIT_EXCEEDED`,
 *   `INVALID_ARGUMENT` (no such tensor), `DUPLICATE_ID`
 */
export async function safetensorsSource(
  file: FileHandle,
  path: string,
  tensor?: string,
): Promise<MatrixSource> {
  const header = await readHeader(file, path)
  const { name, entry } = chosenTensor(path, header, tensor)
  const [rows, columns] = rowsAndColumns(path, entry.shape)
  const type = numberType(path, entry.type ?? entry.dtype)
  const layout = { offset: entry.start, rows, columns, type, fortranOrder: false, bigEndian: false }
  const isForm = name === matrixForm.vectors
  const labels = {
    metadata: header.metadata,
    fingerprint: header.metadata.get(matrixForm.fingerprint) ?? null,
    normalized: normalizedOf(path, header),
    ids: isForm ? await readIds(file, path, { header, rows }) : null,
  }
  return binarySource(file, path, { layout, labels })
}

import { type FileHandle, open } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import {
  parseNpy,
  parseSafetensors,
  parseSafetensorsHeader,
  type SafetensorsEntry,
  safetensorsDataOffset,
} from '@assay/core/formats'
import { type WeightArray, weightArray } from './weight-array.js'

/** No peer's vectors or heads are larger; what is, is another file. */
const WEIGHT_BYTES = 100 * 2 ** 20

/**
 * Floats of an npy file.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `LIMIT_EXCEEDED`, `MALFORMED_NPY`,
 *   `UNSUPPORTED_FORMAT`
 */
export const readArray = (path: string): Promise<WeightArray> =>
  withFile(path, async (file) => {
    const { size } = await file.stat()
    return weightArray(path, parseNpy(await readRange(path, file, 0, size), { file: path }))
  })

/**
 * Some tensors of a safetensors file, by name. The others are not read, so that it may be the checkpoint of
 * a whole model.
 *
 * @throws AssayError as {@link readArray}, `MALFORMED_SAFETENSORS`, `MISSING_INPUT` for a name that is not
 *   there
 */
export const readTensors = <Name extends string>(
  path: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, WeightArray>>> =>
  withFile(path, async (file) => {
    const { size } = await file.stat()
    const where = { file: path }
    const offset = safetensorsDataOffset(await readRange(path, file, 0, Math.min(8, size)), where)
    const head = await readRange(path, file, 0, Math.min(offset, size))
    const { tensors } = parseSafetensorsHeader(head, { ...where, byteLength: size })
    const read: [string, WeightArray][] = []
    for (const name of names) {
      read.push([name, await readTensor(path, file, { name, entry: tensors.get(name) })])
    }
    return Object.fromEntries(read) as Record<Name, WeightArray>
  })

async function readTensor(
  path: string,
  file: FileHandle,
  { name, entry }: { readonly name: string; readonly entry: SafetensorsEntry | undefined },
): Promise<WeightArray> {
  if (entry === undefined) throw missing(path, name)
  const bytes = await readRange(path, file, entry.start, entry.end)
  return weightArray(`${path}, ${name}`, tensorOf(path, entry, bytes))
}

/** A tensor from its bytes alone: a file of one tensor, for the parser of whole files. */
function tensorOf(path: string, { dtype, shape }: SafetensorsEntry, bytes: Uint8Array) {
  const header = new TextEncoder().encode(
    JSON.stringify({ one: { dtype, shape, data_offsets: [0, bytes.length] } }),
  )
  const whole = new Uint8Array(8 + header.length + bytes.length)
  new DataView(whole.buffer).setBigUint64(0, BigInt(header.length), true)
  whole.set(header, 8)
  whole.set(bytes, 8 + header.length)
  const one = parseSafetensors(whole, { file: path }).tensors.get('one')
  if (one === undefined) throw missing(path, 'one')
  return one
}

async function readRange(path: string, file: FileHandle, start: number, end: number) {
  if (end - start > WEIGHT_BYTES) throw tooLarge(path, end - start)
  const bytes = new Uint8Array(end - start)
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

async function withFile<Result>(path: string, use: (file: FileHandle) => Promise<Result>) {
  let file: FileHandle | null = null
  try {
    file = await open(path)
    return await use(file)
  } catch (cause) {
    if (AssayError.isInstance(cause)) throw cause
    throw unreadable(path, cause as NodeJS.ErrnoException)
  } finally {
    await file?.close()
  }
}

const unreadable = (path: string, cause: NodeJS.ErrnoException) =>
  new AssayError({
    code: cause.code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_READ_FAILED',
    message: `The weights ${path} cannot be read: ${cause.code ?? cause.message}.`,
    value: path,
    remedy: 'Name a file that is there and that this user may read.',
    location: { file: path },
    cause,
  })

const tooLarge = (path: string, bytes: number) =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `${path} has ${bytes} bytes to read, more than the ${WEIGHT_BYTES} of a filter's weights.`,
    value: bytes,
    remedy: 'Name the file with the vectors or heads of the filter.',
    location: { file: path },
  })

const missing = (path: string, name: string) =>
  new AssayError({
    code: 'MISSING_INPUT',
    message: `${path} has no tensor "${name}".`,
    value: name,
    remedy: 'Name a checkpoint of this filter.',
    location: { file: path },
  })

import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AssayError } from '@assay/core'
import { externalData } from './external-data.js'

/** The runtime's own file format, which holds no protocol buffers and is not looked into. */
const ortFormat = { offset: 4, text: 'ORTM' }

const unsafe = (reason: string, value?: unknown): AssayError =>
  new AssayError({
    code: 'MODEL_UNSAFE',
    message: `The model ${reason}. It was not opened.`,
    value,
    remedy: 'Keep the data of a model as plain files beside it, and its graph in ONNX format.',
  })

/**
 * What is to be opened of an untrusted model: its bytes, or its path where it has data in other files.
 * Those are plain files in the folder of the model, or in folders below: no absolute path, no `..`, no
 * link of either kind. Bytes have no folder and no data elsewhere.
 *
 * @param path file of the graph; null for bytes
 * @param largest most bytes of the file
 * @throws AssayError `MODEL_UNSAFE`; `MODEL_FILE_MISSING`; `MODEL_RESOURCE_LIMIT` for a file that does
 *   not fit; `ENGINE_FAILED` where it is no ONNX model
 */
export async function containedModel(
  source: Uint8Array<ArrayBuffer> | string,
  largest: number,
): Promise<Uint8Array<ArrayBuffer> | string> {
  const bytes = typeof source === 'string' ? await readModel(source, largest) : source
  const { offset, text } = ortFormat
  if (Buffer.from(bytes.buffer, offset, text.length).toString('latin1') === text) {
    throw unsafe('has the format of ONNX Runtime, not of ONNX')
  }
  const locations = externalData(bytes)
  if (locations.size === 0) return bytes
  if (typeof source !== 'string') throw unsafe('was given as bytes but has data in other files')
  for (const location of locations) await assertContained(dirname(source), location)
  return source
}

async function assertContained(folder: string, location: string): Promise<void> {
  const shown = JSON.stringify(location)
  const parts = location.split('/')
  const isPlain = parts.every((part) => part !== '' && part !== '.' && part !== '..')
  if (!isPlain || /[\\:\p{Cc}]/u.test(location)) {
    throw unsafe(`has data in ${shown}, which is no plain path in its folder`, location)
  }
  const expected = join(await realpath(folder), ...parts)
  const file = await realpath(expected).catch(() => null)
  if (file === null) throw missing(expected)
  if (file !== expected) throw unsafe(`has data in ${shown}, which is behind a link`, location)
  const status = await stat(file)
  if (!status.isFile()) throw unsafe(`has data in ${shown}, which is no file`, location)
  // Another name of the same file may lie outside of the folder.
  if (status.nlink > 1) throw unsafe(`has data in ${shown}, which has further names`, location)
}

async function readModel(path: string, largest: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path).catch((cause: unknown) => {
    throw missing(path, cause)
  })
  try {
    return await readWhole(file, path, largest)
  } finally {
    await file.close()
  }
}

async function readWhole(
  file: FileHandle,
  path: string,
  largest: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const status = await file.stat()
  if (!status.isFile()) throw missing(path)
  if (status.size > largest) {
    throw new AssayError({
      code: 'MODEL_RESOURCE_LIMIT',
      message: `The model ${path} has ${status.size} bytes, more than its process may hold.`,
      value: status.size,
      remedy: 'Raise the limit of memory if you trust its source.',
      location: { file: path },
    })
  }
  const bytes = new Uint8Array(status.size)
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes
}

const missing = (path: string, cause?: unknown): AssayError =>
  new AssayError({
    code: 'MODEL_FILE_MISSING',
    message: `The model file ${path} cannot be read.`,
    value: path,
    remedy: 'Check the path and its permissions.',
    location: { file: path },
    cause,
  })

import { type FileHandle, open } from 'node:fs/promises'
import { AssayError, type Tensor } from '@assay/core'
import type { TensorRegion } from '../engine/worker-calls.js'
import { typedArrays } from './typed-arrays.js'

/** A read larger than this may fall short on some systems. */
const readLimit = 2 ** 30

/**
 * Reads a tensor from a file.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED` where the file ends early or cannot be read
 */
export async function readRegion({ path, offset, type, dims }: TensorRegion): Promise<Tensor> {
  const data = new typedArrays[type](dims.reduce((product, size) => product * size, 1))
  const bytes = new Uint8Array(data.buffer)
  const file = await openFile(path)
  try {
    await fill(file, path, bytes, offset)
  } finally {
    await file.close()
  }
  return { type, dims, data } as Tensor
}

async function openFile(path: string): Promise<FileHandle> {
  return open(path).catch((cause: unknown) => {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new AssayError({
      code: missing ? 'FILE_MISSING' : 'FILE_READ_FAILED',
      message: `${path} cannot be opened.`,
      value: path,
      remedy: 'Check the path and its permissions.',
      location: { file: path },
      cause,
    })
  })
}

async function fill(
  file: FileHandle,
  path: string,
  bytes: Uint8Array,
  offset: number,
): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, readLimit)
    const { bytesRead } = await file.read(bytes, done, length, offset + done)
    if (bytesRead === 0) {
      throw new AssayError({
        code: 'FILE_READ_FAILED',
        message: `${path} ends ${bytes.length - done} bytes too early.`,
        value: path,
        remedy: 'Write the file again; it was cut or has changed.',
        location: { file: path },
      })
    }
    done += bytesRead
  }
}

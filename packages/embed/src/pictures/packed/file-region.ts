import { open } from 'node:fs/promises'
import { AssayError } from '@assay/core'

/** Some bytes of a file. */
export interface FileRegion {
  readonly path: string
  /** Where they begin. */
  readonly offset: number
  readonly size: number
}

/**
 * Reads a region of a file.
 *
 * @throws AssayError `FILE_READ_FAILED` where the file cannot be read, or ends early
 */
export async function readFileRegion({ path, offset, size }: FileRegion): Promise<Uint8Array> {
  const failed = (cause?: unknown) =>
    new AssayError({
      code: 'FILE_READ_FAILED',
      message: `${path} cannot be read at byte ${offset}.`,
      value: offset,
      remedy: 'Check the file and its permissions, and leave it alone while it is read.',
      location: { file: path },
      cause,
    })
  const file = await open(path).catch((cause: unknown) => {
    throw failed(cause)
  })
  try {
    const bytes = new Uint8Array(size)
    for (let done = 0; done < size; ) {
      const { bytesRead } = await file.read(bytes, done, size - done, offset + done)
      if (bytesRead === 0) throw failed()
      done += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}

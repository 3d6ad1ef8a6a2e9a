import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { imageError } from './image-error.js'

// Opening a pipe would otherwise wait for its writer, for ever. Windows has no such flag.
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Which file is read. */
export interface ReadImageFileOptions {
  readonly path: string
  /** What errors call it. */
  readonly file: string
  /** Most bytes it may have. */
  readonly fileBytes: number
}

/**
 * The bytes of a picture file.
 *
 * @throws AssayError `IMAGE_UNREADABLE`, `IMAGE_TOO_LARGE`
 */
export async function readImageFile(options: ReadImageFileOptions): Promise<Uint8Array> {
  const { path, file, fileBytes } = options
  try {
    const handle = await open(path, readWithoutWaiting)
    try {
      const status = await handle.stat()
      if (!status.isFile()) {
        throw imageError({ code: 'IMAGE_UNREADABLE', file, reason: 'is not a file' })
      }
      assertFileSize(status.size, fileBytes, file)
      return await readWhole(handle, status.size)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (!isSystemError(error)) throw error
    const reason = `cannot be read (${error.code})`
    throw imageError({ code: 'IMAGE_UNREADABLE', file, reason, cause: error })
  }
}

/** A file that shrinks meanwhile gives what is left, which is then found to be truncated. */
async function readWhole(handle: FileHandle, size: number): Promise<Uint8Array> {
  // Not zeroed, since every byte that is handed out was read.
  const bytes = Buffer.allocUnsafeSlow(size)
  let length = 0
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}

/** Throws `IMAGE_TOO_LARGE` where a picture file has more bytes than the limit. */
export function assertFileSize(size: number, limit: number, file: string | null): void {
  if (size <= limit) return
  const reason = `has ${size} bytes, over the limit of ${limit}`
  throw imageError({ code: 'IMAGE_TOO_LARGE', file, reason, value: size })
}

const isSystemError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'syscall' in error && 'code' in error

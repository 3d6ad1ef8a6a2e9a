import { readFile, stat } from 'node:fs/promises'
import { imageError } from './image-error.js'

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
    // Asked before it is opened: opening a pipe would wait for ever.
    const status = await stat(path)
    if (!status.isFile()) {
      throw imageError({ code: 'IMAGE_UNREADABLE', file, reason: 'is not a file' })
    }
    assertFileSize(status.size, fileBytes, file)
    return await readFile(path)
  } catch (error) {
    if (!isSystemError(error)) throw error
    const reason = `cannot be read (${error.code})`
    throw imageError({ code: 'IMAGE_UNREADABLE', file, reason, cause: error })
  }
}

/** Throws `IMAGE_TOO_LARGE` where a picture file has more bytes than the limit. */
export function assertFileSize(size: number, limit: number, file: string | null): void {
  if (size <= limit) return
  const reason = `has ${size} bytes, over the limit of ${limit}`
  throw imageError({ code: 'IMAGE_TOO_LARGE', file, reason, value: size })
}

const isSystemError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'syscall' in error && 'code' in error

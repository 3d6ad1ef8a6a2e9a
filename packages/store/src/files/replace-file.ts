import { randomBytes } from 'node:crypto'
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AssayError } from '@assay/core'
import { isMissing, writeError } from './file-error.js'
import { syncDirectory } from './sync-directory.js'

/** How a file is replaced. */
export interface ReplaceOptions {
  /**
   * Whether file and name are forced onto the disk, so that they survive a power loss. Without it
   * they survive a killed process only. Default: true.
   */
  readonly sync?: boolean
}

/** A name beside `path` that no other process and no other call uses. */
export function temporaryPath(path: string): string {
  const unique = `${process.pid}-${randomBytes(6).toString('hex')}`
  return join(dirname(path), `.${basename(path)}.${unique}.tmp`)
}

/** Renaming over a device or a pipe would put an ordinary file in its place. */
async function assertReplaceable(path: string): Promise<void> {
  const target = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (target === null || target.isFile() || target.isSymbolicLink()) return
  throw new AssayError({
    code: 'FILE_WRITE_FAILED',
    message: `${path} is not an ordinary file and is left alone.`,
    value: path,
    remedy: 'Name a file, not a folder, pipe or device.',
    location: { file: path },
  })
}

/**
 * Puts a new file in the place of `path`, whole or not at all: `write` fills a file of another name
 * in the same folder, which then takes the name. After an error the old file is untouched and
 * nothing is left behind.
 *
 * @throws AssayError `FILE_WRITE_FAILED`; and whatever `write` throws of its own
 */
export async function replaceFile(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  { sync = true }: ReplaceOptions = {},
): Promise<void> {
  const temporary = temporaryPath(path)
  try {
    await assertReplaceable(path)
    const file = await open(temporary, 'wx')
    try {
      await write(file)
      if (sync) await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    if (sync) await syncDirectory(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw writeError(path, error)
  }
}

import { writeFile } from 'node:fs/promises'
import { type ReplaceOptions, replaceFile } from './replace-file.js'

/** What {@link writeFileAtomic} writes: text is written as UTF-8, pieces one after the other. */
export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>

/**
 * Writes a file whole or not at all, also across a killed process and, with `sync`, a power loss:
 * a temporary file in the same folder, fsync, rename, fsync of the folder. On an error the old file
 * is untouched and nothing is left behind. The folder must exist; a symbolic link is replaced, not
 * followed.
 *
 * @throws AssayError `FILE_WRITE_FAILED`; and whatever the pieces throw themselves
 */
export async function writeFileAtomic(
  path: string,
  content: FileContent,
  options: ReplaceOptions = {},
): Promise<void> {
  await replaceFile(path, (file) => writeFile(file, content), options)
}

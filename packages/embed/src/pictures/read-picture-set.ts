import { realpath, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { AssayError, type ItemFailure, itemFailure } from '@assay/core'
import { mapInOrder } from '../pipeline/map-in-order.js'
import { findPictureFiles } from './find-picture-files.js'
import {
  longestLine,
  metadataError,
  metadataFile,
  parseMetadataLine,
} from './parse-metadata-line.js'
import type { Picture, PictureSet } from './picture-set.js'
import { readLines } from './read-lines.js'

type Entry = Omit<Picture, 'source'>
type Checked = { readonly picture: Picture } | { readonly failure: ItemFailure }

/** Files that are looked for side by side. */
const filesAtOnce = 16

/**
 * The pictures of a folder. With a `metadata.jsonl` in it these are the pictures it names, in its
 * order: one JSON object a line with `file_name` (a path inside the folder), optionally `prompt`, and
 * anything else, which is kept as metadata. Without one they are all files in the folder and its
 * subfolders that begin as a picture or are called one, sorted by path, without prompts.
 *
 * A row or a picture that cannot be used is a failure with file, row and reason; the others go on: a
 * line that is no JSON object, not UTF-8 or longer than 1 MiB, a key `__proto__` or one that stands
 * twice, a missing or repeated file, a path or a link that leads out of the folder. Pictures are not
 * decoded here.
 *
 * @throws AssayError `FILE_MISSING` where the folder is absent or no folder, `FILE_READ_FAILED` where it,
 *   a subfolder or `metadata.jsonl` cannot be read: how much is missing could not be told
 */
export async function readPictureSet(folder: string): Promise<PictureSet> {
  const root = await realFolder(folder)
  return readSet(root).catch((error: unknown) => {
    throw AssayError.isInstance(error) ? error : readFailed(root, error)
  })
}

async function readSet(root: string): Promise<PictureSet> {
  const failures: ItemFailure[] = []
  const hasMetadata = await isFile(join(root, metadataFile))
  const entries = hasMetadata
    ? await readMetadata(join(root, metadataFile), failures)
    : (await findPictureFiles(root)).map(entryOf)
  const pictures: Picture[] = []
  const checked = mapInOrder(entries, filesAtOnce, (entry) => check(root, entry))
  for await (const result of checked) {
    if ('picture' in result) pictures.push(result.picture)
    else failures.push(result.failure)
  }
  return { folder: root, pictures, failures }
}

const entryOf = (path: string): Entry => ({ id: path, path, prompt: null, metadata: {} })

async function readMetadata(file: string, failures: ItemFailure[]): Promise<Entry[]> {
  const rows = new Map<string, number>()
  const entries: Entry[] = []
  for await (const line of readLines(file, longestLine)) {
    try {
      const row = parseMetadataLine(line)
      if (row === null) continue
      const { fileName, prompt, metadata } = row
      const earlier = rows.get(fileName)
      if (earlier !== undefined) {
        const reason = `names ${JSON.stringify(fileName)} again, after line ${earlier}`
        throw metadataError({ row: line.number, reason, code: 'DUPLICATE_ID', value: fileName })
      }
      rows.set(fileName, line.number)
      entries.push({ id: fileName, path: fileName, prompt, metadata })
    } catch (error) {
      failures.push(itemFailure(`${metadataFile}:${line.number}`, 'read', error))
    }
  }
  return entries
}

/** A picture whose file is there and inside the folder; nothing else is looked at. */
async function check(root: string, entry: Entry): Promise<Checked> {
  const source = resolve(root, entry.path)
  const target = await realpath(source).catch(() => null)
  if (target === null) return refused(entry, 'FILE_MISSING', 'is not there')
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) {
    return refused(entry, 'IMAGE_UNREADABLE', 'is a link that leads out of the folder')
  }
  return { picture: { ...entry, source } }
}

function refused(
  { id, path }: Entry,
  code: 'FILE_MISSING' | 'IMAGE_UNREADABLE',
  reason: string,
): Checked {
  const error = new AssayError({
    code,
    message: `The picture ${path} ${reason}.`,
    value: path,
    remedy: 'Put the file into the folder of the set, or leave it out of the metadata.',
    location: { file: path },
  })
  return { failure: itemFailure(id, 'read', error) }
}

async function realFolder(folder: string): Promise<string> {
  const root = await realpath(folder).catch(() => null)
  if (root !== null && (await stat(root)).isDirectory()) return root
  throw new AssayError({
    code: 'FILE_MISSING',
    message: `There is no folder of pictures ${folder}.`,
    value: folder,
    remedy: 'Name a folder that holds pictures.',
    location: { file: folder },
  })
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (status) => status.isFile(),
    () => false,
  )

/** What a failed system call on the folder means; any other error is a fault of ours. */
function readFailed(folder: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause
  return new AssayError({
    code: 'FILE_READ_FAILED',
    message: `The pictures in ${folder} cannot be listed: ${cause.message}.`,
    value: folder,
    remedy: 'Give this user the right to read the folder and everything in it.',
    location: { file: folder },
    cause,
  })
}

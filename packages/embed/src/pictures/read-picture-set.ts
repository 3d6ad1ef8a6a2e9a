import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { AssayError, type ItemFailure, itemFailure } from '@assay/core'
import { mapInOrder } from '@assay/core/iteration'
import { findPictureFiles } from './find-picture-files.js'
import { findShards, shardKind } from './packed/find-shards.js'
import { type PackedLimits, readShards } from './packed/read-shards.js'
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

/** How a picture set is read. */
export interface ReadPictureSetOptions {
  /** Limits of archives and tables other than those of `@assay/store/archives`. */
  readonly limits?: PackedLimits
}

/**
 * The pictures of a folder, an archive or a table.
 *
 * - A folder with a `metadata.jsonl` in it: the pictures that it names, in its order. One JSON object a
 *   line with `file_name` (a path inside the folder), optionally `prompt`, and anything else, which is
 *   kept as metadata.
 * - A tar archive, also packed with gzip, in the WebDataset convention: `key.jpg` with `key.txt` (the
 *   prompt) and `key.json` (metadata, may hold the `prompt`).
 * - A parquet table: a row a picture, in the column `image` (or `jpg`, `png`, `bytes` ...), with `prompt`
 *   (or `caption`, `text`), `id` and other columns.
 * - A folder of archives or tables (`000.tar`, `001.tar`, ...): all of them, in the order of their names;
 *   ids begin with them.
 * - Any other folder: all files in it and its subfolders that begin as a picture or are called one, sorted
 *   by path, without prompts.
 *
 * A row or a picture that cannot be used is a failure with file, row and reason; the others go on: a
 * line that is no JSON object, not UTF-8 or longer than 1 MiB, a key `__proto__` or one that stands
 * twice, a missing or repeated file, a path or a link that leads out of the folder. Pictures are not
 * decoded here, and those of archives and tables not kept in memory: they are read again when needed.
 *
 * @throws AssayError where it could not be told how much is missing: `FILE_MISSING` where there is
 *   nothing; `FILE_READ_FAILED` where a folder, `metadata.jsonl` or an archive cannot be read;
 *   `MALFORMED_TAR`, `MALFORMED_PARQUET` and `LIMIT_EXCEEDED`, as the readers of `@assay/store/archives`;
 *   `UNSUPPORTED_FORMAT` for another file; `INVALID_ARGUMENT` for a folder of several kinds of these
 */
export async function readPictureSet(
  path: string,
  { limits = {} }: ReadPictureSetOptions = {},
): Promise<PictureSet> {
  const root = await realpath(path).catch(() => null)
  const status = root === null ? null : await stat(root)
  if (root === null || !(status?.isDirectory() || status?.isFile())) throw nothingThere(path)
  const reading = status.isFile() ? readArchive(root, limits) : readFolder(root, limits)
  return reading.catch((error: unknown) => {
    throw AssayError.isInstance(error) ? error : readFailed(root, error)
  })
}

async function readArchive(path: string, limits: PackedLimits): Promise<PictureSet> {
  const kind = await shardKind(path)
  if (kind === null) {
    throw new AssayError({
      code: 'UNSUPPORTED_FORMAT',
      message: `${path} is neither a folder of pictures nor a tar archive or parquet table of them.`,
      value: path,
      remedy: 'Name a folder, a tar archive (.tar, .tar.gz) or a parquet table.',
      location: { file: path },
    })
  }
  const shards = [{ kind, name: basename(path) }]
  const listed = await readShards({ folder: dirname(path), shards, prefixed: false, limits })
  return { folder: path, ...listed }
}

async function readFolder(root: string, limits: PackedLimits): Promise<PictureSet> {
  const hasMetadata = await isFile(join(root, metadataFile))
  const shards = hasMetadata ? [] : await findShards(root)
  if (shards.length === 0) return readSet(root, hasMetadata)
  const loose = (await findPictureFiles(root))[0]
  const kinds = new Set(shards.map(({ kind }) => kind))
  if (loose !== undefined || kinds.size > 1) {
    const [one] = shards
    const other = loose ?? shards.find(({ kind }) => kind !== one?.kind)?.name
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The folder ${root} holds ${one?.name} and ${other}: which of them is the set?`,
      value: root,
      remedy: 'Name the archive or table itself, or keep the others in a folder of their own.',
      location: { file: root },
    })
  }
  return { folder: root, ...(await readShards({ folder: root, shards, prefixed: true, limits })) }
}

async function readSet(root: string, hasMetadata: boolean): Promise<PictureSet> {
  const failures: ItemFailure[] = []
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

const nothingThere = (path: string): AssayError =>
  new AssayError({
    code: 'FILE_MISSING',
    message: `There is no folder of pictures ${path}, and no archive or table of them.`,
    value: path,
    remedy: 'Name a folder that holds pictures, a tar archive or a parquet table.',
    location: { file: path },
  })

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

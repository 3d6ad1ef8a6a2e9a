import { open, readdir } from 'node:fs/promises'

/** What an archive of pictures is. */
export type ShardKind = 'webdataset' | 'table'

/** An archive or table in a folder. */
export interface FoundShard {
  readonly kind: ShardKind
  /** Its name in the folder. */
  readonly name: string
}

const kindByName = (name: string): ShardKind | null => {
  if (/\.(tar|tar\.gz|tgz)$/i.test(name)) return 'webdataset'
  return /\.parquet$/i.test(name) ? 'table' : null
}

/** The archives and tables that lie in a folder itself, sorted by code unit; hidden ones are passed over. */
export async function findShards(folder: string): Promise<readonly FoundShard[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((it) => it.isFile() && !it.name.startsWith('.')).map((it) => it.name)
  return names.sort().flatMap((name) => {
    const kind = kindByName(name)
    return kind === null ? [] : [{ kind, name }]
  })
}

/** Where the name of the format stands in a tar archive, POSIX.1. */
const tarMagic = { offset: 257, text: 'ustar' }

/** What a file is by its content, or by its name where the content does not tell; null for neither. */
export async function shardKind(path: string): Promise<ShardKind | null> {
  const file = await open(path)
  try {
    const { buffer: head } = await file.read(Buffer.alloc(512), 0, 512, 0)
    const { offset, text } = tarMagic
    if (head.toString('latin1', 0, 4) === 'PAR1') return 'table'
    const isTar = head.toString('latin1', offset, offset + text.length) === text
    const isGzip = head[0] === 0x1f && head[1] === 0x8b
    return isTar || isGzip ? 'webdataset' : kindByName(path)
  } finally {
    await file.close()
  }
}

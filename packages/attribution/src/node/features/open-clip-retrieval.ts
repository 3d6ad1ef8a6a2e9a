import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import type { MatrixLabels } from '@assay/store'
import { describeParquet } from '@assay/store/archives'
import { type Labels, LabelTable } from './label-table.js'
import { readLabelRows } from './read-labels.js'
import { openShardedRows, type Shard, type ShardedRows } from './sharded-rows.js'

/** Where clip-retrieval puts the picture embeddings and what it knows of each. */
export const clipRetrievalFolders = { features: 'img_emb', metadata: 'metadata' } as const

/** How a folder of clip-retrieval is opened. */
export interface OpenClipRetrievalOptions extends MatrixLabels {
  /** Column of the metadata that holds the ids; null for row numbers. Default: `image_path`. */
  readonly idField?: string | null
  /** Columns of the metadata to keep. Default: `caption`, where there is one. */
  readonly fields?: readonly string[]
}

/**
 * What `clip-retrieval inference` writes: `img_emb/img_emb_N.npy` and, row by row, what is known of the
 * same pictures in `metadata/metadata_N.parquet`. Its vectors are float16 and normalised, so they are
 * held to be normalised unless the caller says otherwise.
 *
 * @throws AssayError `EMPTY_INPUT` (no embeddings), `SHAPE_MISMATCH` (a file of metadata is missing, is
 *   left over or has another number of rows), `DUPLICATE_ID`, and what reading the files throws
 */
export async function openClipRetrieval(
  folder: string,
  { idField = 'image_path', fields, ...options }: OpenClipRetrievalOptions,
): Promise<{ readonly rows: ShardedRows; readonly labels: Labels }> {
  const features = await numberedFiles(join(folder, clipRetrievalFolders.features), '.npy')
  if (features.size === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: `${folder} has no ${clipRetrievalFolders.features}/*_N.npy.`,
      value: folder,
      remedy: 'Name the output folder of `clip-retrieval inference`, with picture embeddings.',
      location: { file: folder },
    })
  }
  const rows = await openShardedRows([...features.values()], { normalized: true, ...options })
  const metadata = await numberedFiles(join(folder, clipRetrievalFolders.metadata), '.parquet')
  if (metadata.size === 0) return { rows, labels: { ids: null, groups: new Map() } }
  const pairs = pairsOf(folder, { features, metadata, shards: rows.shards })
  return { rows, labels: await labelsOf(folder, pairs, { idField, fields }) }
}

/** Files whose names end in a number, by that number and in its order. */
async function numberedFiles(folder: string, extension: string): Promise<Map<number, string>> {
  const names = await readdir(folder).catch(() => [])
  const found = names.flatMap((name) => {
    const number = name.endsWith(extension) ? /(\d+)\.\w+$/.exec(name)?.[1] : undefined
    return number === undefined ? [] : [[Number(number), join(folder, name)] as const]
  })
  return new Map(found.sort(([one], [other]) => one - other))
}

interface ShardPair {
  readonly shard: Shard
  readonly metadata: string
}

function pairsOf(
  folder: string,
  found: {
    readonly features: ReadonlyMap<number, string>
    readonly metadata: ReadonlyMap<number, string>
    readonly shards: readonly Shard[]
  },
): ShardPair[] {
  const numbers = [...found.features.keys()]
  const left = [...found.metadata.keys()].find((number) => !found.features.has(number))
  if (left !== undefined)
    throw misaligned(folder, `has metadata ${left}, but no embeddings ${left}`)
  return found.shards.map((shard, at) => {
    const number = numbers[at] ?? at
    const metadata = found.metadata.get(number)
    if (metadata !== undefined) return { shard, metadata }
    throw misaligned(folder, `has embeddings ${number}, but no metadata ${number}`)
  })
}

async function labelsOf(
  folder: string,
  pairs: readonly ShardPair[],
  chosen: { readonly idField: string | null; readonly fields: readonly string[] | undefined },
): Promise<Labels> {
  const { idField, fields = ['caption'] } = chosen
  const table = new LabelTable(folder, { ids: null, idField })
  let columns: readonly string[] | null = null
  for (const { shard, metadata } of pairs) {
    columns ??= await columnsOf(metadata, idField, fields)
    const rows = await addRows(table, metadata, columns)
    if (rows !== shard.rows) {
      throw misaligned(metadata, `has ${rows} rows, but ${shard.path} has ${shard.rows}`)
    }
  }
  return table.finish()
}

/** The columns to read: the id's, and those of the fields that the file has. */
async function columnsOf(path: string, idField: string | null, fields: readonly string[]) {
  const { columns } = await describeParquet(path)
  const labels = fields.filter((field) => field !== idField && columns.has(field))
  return idField === null ? labels : [idField, ...labels]
}

/** Reads one file of metadata; returns how many rows it has. */
async function addRows(
  table: LabelTable,
  path: string,
  columns: readonly string[],
): Promise<number> {
  // A process of its own decodes each file: one for each is enough.
  if (columns.length === 0) return (await describeParquet(path)).rows
  let rows = 0
  for await (const row of readLabelRows(path, columns)) {
    table.add(row)
    rows++
  }
  return rows
}

const misaligned = (file: string, reason: string): AssayError =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${file} ${reason}: rows would get the names of other pictures.`,
    value: reason,
    remedy: 'Fetch or write the missing part again; ids are taken row by row.',
    location: { file },
  })

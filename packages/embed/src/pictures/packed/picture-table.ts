import { basename } from 'node:path'
import { AssayError, type ItemFailure } from '@assay/core'
import {
  describeParquet,
  type ParquetCells,
  type ParquetLimits,
  type ParquetRow,
  readParquet,
} from '@assay/store/archives'
import type { Picture } from '../picture-set.js'
import { faultOf, type ItemFault, type ListedPictures, longestText } from './listed-pictures.js'
import { packedPicture } from './packed-picture.js'
import type { PackedReader, Shard } from './packed-reader.js'

/** A parquet table of pictures. */
export interface PictureTable {
  readonly path: string
  /** What stands in front of the ids of pictures that the table names by their rows only. */
  readonly prefix: string
  readonly limits: Partial<ParquetLimits>
  readonly reader: PackedReader
}

/** Names of columns, the first of which that is there counts. */
const imageColumns = [
  'image',
  'picture',
  'jpg',
  'jpeg',
  'png',
  'webp',
  'avif',
  'image_bytes',
  'bytes',
]
const promptColumns = ['prompt', 'caption', 'text', 'txt']
const idColumns = ['id', 'key', '__key__', 'file_name']

/** Which column is what. */
interface Columns {
  readonly image: string
  readonly prompt: string | null
  readonly id: string | null
  /** The others whose cells are single values. */
  readonly metadata: readonly string[]
}

/**
 * The pictures of a table, one a row. They lie in the column `image` (or another of the usual names), as
 * bytes or as a structure of `bytes` and `path`; `prompt`, `caption` or `text` is the prompt, `id` or
 * `key` the identifier, without which it is the row. Other columns of texts, numbers and truth values are
 * metadata.
 *
 * @throws AssayError as `readParquet` does, and `MALFORMED_PARQUET` without a column of pictures
 */
export async function listPictureTable(table: PictureTable): Promise<ListedPictures> {
  const { path, limits, reader } = table
  const { rows, columns: cells } = await describeParquet(path, { limits })
  const columns = columnsOf(path, cells)
  const contents = contentsOf(table, columns.image, rows)
  const pictures: Picture[] = []
  const failures: ItemFailure[] = []
  let number = 0
  for await (const row of listedRows(table, columns, rows)) {
    const place = number++
    const { fault, ...picture } = pictureOf(table, columns, row, place)
    if (fault)
      failures.push(faultOf({ ...fault, id: picture.id, file: basename(path), row: place }))
    else {
      const read = () => reader.read(contents, place)
      pictures.push({ ...picture, source: packedPicture({ id: picture.id, size: null, read }) })
    }
  }
  return { pictures, failures }
}

/** The rows without their pictures; empty ones where the pictures are all that there is. */
async function* listedRows(
  { path, limits }: PictureTable,
  { prompt, id, metadata }: Columns,
  rows: number,
): AsyncGenerator<ParquetRow> {
  const columns = [prompt, id, ...metadata].filter((name) => name !== null)
  if (columns.length > 0) yield* readParquet(path, { columns, limits })
  else for (let row = 0; row < rows; row++) yield {}
}

function columnsOf(path: string, cells: ReadonlyMap<string, ParquetCells>): Columns {
  const first = (names: readonly string[], kinds: readonly ParquetCells[]) =>
    names.find((name) => kinds.includes(cells.get(name) ?? 'other')) ?? null
  const image = first(imageColumns, ['bytes', 'group'])
  if (image === null) {
    throw new AssayError({
      code: 'MALFORMED_PARQUET',
      message: `${path} has no column of pictures, only ${[...cells.keys()].join(', ')}.`,
      value: [...cells.keys()],
      remedy: `Name the column of picture files, as bytes, one of: ${imageColumns.join(', ')}.`,
      location: { file: path },
    })
  }
  const prompt = first(promptColumns, ['text'])
  const id = first(idColumns, ['text', 'number'])
  const single = [...cells].filter(([, kind]) => ['text', 'number', 'boolean'].includes(kind))
  const metadata = single.map(([name]) => name).filter((name) => name !== prompt && name !== id)
  return { image, prompt, id, metadata }
}

type ListedPicture = Omit<Picture, 'source'> & {
  readonly fault: Pick<ItemFault, 'reason' | 'code'> | null
}

function pictureOf(
  { prefix }: PictureTable,
  columns: Columns,
  row: ParquetRow,
  number: number,
): ListedPicture {
  const named = columns.id === null ? null : row[columns.id]
  const id = named == null ? `${prefix}row-${number}` : String(named)
  const prompt = columns.prompt === null ? null : (row[columns.prompt] as string | null)
  const values = columns.metadata.map((name) => [name, plainValue(row[name])] as const)
  const texts = [id, prompt, ...values.map(([, value]) => value)]
  const length = texts.reduce<number>(
    (sum, it) => sum + (typeof it === 'string' ? it.length : 0),
    0,
  )
  const reason = `has metadata of more than ${longestText} characters`
  const fault = length > longestText ? ({ reason, code: 'LIMIT_EXCEEDED' } as const) : null
  const shownId = id.length > longestText ? `${prefix}row-${number}` : id
  return { id: shownId, path: shownId, prompt, metadata: Object.fromEntries(values), fault }
}

/** A cell as JSON has it: whole numbers beyond 2^53 as text. */
function plainValue(cell: unknown): unknown {
  if (typeof cell !== 'bigint') return cell ?? null
  const value = Number(cell)
  return Number.isSafeInteger(value) ? value : String(cell)
}

/** The pictures of a table, row after row. */
const contentsOf = ({ path, limits }: PictureTable, image: string, count: number): Shard => ({
  path,
  count,
  seeks: true,
  async *open(first) {
    for await (const row of readParquet(path, { columns: [image], first, limits })) {
      yield async () => bytesOf(row[image])
    }
  },
})

/** The bytes of a cell, or null: a structure may name a file instead, which is not looked for. */
function bytesOf(cell: unknown): unknown {
  if (cell instanceof Uint8Array) return cell
  const isStructure = typeof cell === 'object' && cell !== null && 'bytes' in cell
  return isStructure ? cell.bytes : null
}

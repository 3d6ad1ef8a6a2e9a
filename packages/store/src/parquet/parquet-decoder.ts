// A process of its own, because the decoding library trusts its input: a hostile page can make it
// loop for ever or ask for all memory. The process that asks sets a deadline and a limit of memory.
import { type FileHandle, open } from 'node:fs/promises'
import {
  type DecodedArray,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { readInto } from '../files/read-into.js'
import { cellsOf } from './cells-of.js'
import type {
  Cells,
  DecoderFault,
  DecoderRequest,
  OpenRequest,
  ParquetSummary,
  RowGroup,
} from './decoder-protocol.js'
import { ParquetFault } from './parquet-fault.js'
import { vectorsOf } from './vectors-of.js'

type Scan = Awaited<ReturnType<typeof parquetScan>>

interface OpenFile {
  readonly scan: Scan
  /** Columns of one value a row, not of lists or structures. */
  readonly flat: ReadonlySet<string>
  readonly summary: ParquetSummary
}

const malformed = (reason: string) => new ParquetFault('MALFORMED_PARQUET', reason)

function fileBuffer(file: FileHandle, byteLength: number) {
  return {
    byteLength,
    async slice(start: number, end = byteLength): Promise<ArrayBuffer> {
      if (!(start >= 0 && end >= start && end <= byteLength)) {
        throw malformed(`points to bytes ${start} to ${end} of ${byteLength}`)
      }
      const bytes = new Uint8Array(end - start)
      if ((await readInto(file, bytes, start)) < bytes.length) throw malformed('became shorter')
      return bytes.buffer
    },
  }
}

function chosenColumns(metadata: FileMetaData, wanted: OpenRequest['columns']): string[] {
  const names = parquetSchema(metadata).children.map(({ element }) => element.name)
  const unusable = names.find((name, at) => name === '__proto__' || names.indexOf(name) !== at)
  if (unusable !== undefined) throw malformed(`has an unusable column name, "${unusable}"`)
  const missing = wanted?.find((name) => !names.includes(name))
  if (missing === undefined) return names.filter((name) => wanted?.includes(name) ?? true)
  throw new ParquetFault(
    'INVALID_ARGUMENT',
    `has no column ${JSON.stringify(missing)}, only ${names.join(', ')}`,
  )
}

function rowGroups(
  metadata: FileMetaData,
  columns: readonly string[],
  flat: ReadonlySet<string>,
): RowGroup[] {
  let start = 0
  return metadata.row_groups.map((group) => {
    const chunks = group.columns.map((chunk) => chunk.meta_data)
    const chosen = chunks.filter((chunk) => columns.includes(chunk?.path_in_schema[0] ?? ''))
    const bytes = chosen.reduce((sum, chunk) => sum + Number(chunk?.total_uncompressed_size), 0)
    const rows = Number(group.num_rows)
    if (!(rows >= 0 && bytes >= 0)) throw malformed('has a row group of impossible size')
    const short = chosen.find(
      (chunk) =>
        chunk && flat.has(chunk.path_in_schema.join('.')) && Number(chunk.num_values) !== rows,
    )
    if (short) throw malformed(`has ${short.num_values} values for ${rows} rows`)
    if (group.columns.some((chunk) => chunk.file_path)) throw malformed('points to other files')
    start += rows
    return { start: start - rows, rows, bytes }
  })
}

async function openFile({ path, columns: wanted }: OpenRequest): Promise<OpenFile> {
  const handle = await open(path, 'r')
  const file = fileBuffer(handle, (await handle.stat()).size)
  const metadata = await parquetMetadataAsync(file, { geoparquet: false })
  const columns = chosenColumns(metadata, wanted)
  const leaves = parquetSchema(metadata).children.filter(({ children }) => children.length === 0)
  const flat = new Set(leaves.map(({ element }) => element.name))
  const groups = rowGroups(metadata, columns, flat)
  const rows = Number(metadata.num_rows)
  if (groups.reduce((sum, group) => sum + group.rows, 0) !== rows) {
    throw malformed(`says ${rows} rows, but its row groups say otherwise`)
  }
  const texts = metadata.key_value_metadata ?? []
  const chosen = parquetSchema(metadata).children.filter((it) => columns.includes(it.element.name))
  const summary = {
    rows,
    groups,
    columns,
    cells: new Map(chosen.map((tree) => [tree.element.name, cellsOf(tree)])),
    metadata: new Map(texts.map(({ key, value = '' }) => [key, value])),
  }
  // Without utf8, only columns that say so are text; others stay bytes. JSON stays text, too.
  const jsonFromBytes = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes)
  const scan = await parquetScan({
    file,
    metadata,
    compressors,
    columns,
    utf8: false,
    geoparquet: false,
    useOffsetIndex: false,
    parsers: { jsonFromBytes },
  })
  return { scan, flat, summary }
}

/** Place of the first cell that is not there, or -1; `indexOf` would pass over it. */
function firstHole(cells: DecodedArray): number {
  for (let at = 0; at < cells.length; at++) if (cells[at] === undefined) return at
  return -1
}

class Decoder {
  #open: OpenFile | null = null
  #groupBytes = 0
  /** The row group decoded last, whole: rows are asked for in order and in parts. */
  #group: RowGroup | null = null
  readonly #cells = new Map<string, DecodedArray>()

  async answer(request: DecoderRequest): Promise<unknown> {
    if (request.kind === 'open') {
      this.#open = await openFile(request)
      this.#groupBytes = request.groupBytes
      return this.#open.summary
    }
    if (request.kind === 'vectors') {
      const cells = await this.#slice(request.column, request)
      return vectorsOf(cells, request.bytes, request.start)
    }
    const cells = new Map<string, ArrayLike<unknown>>()
    for (const column of request.columns) cells.set(column, await this.#slice(column, request))
    return cells satisfies Cells
  }

  async #slice(column: string, { start, count }: { start: number; count: number }) {
    const group = this.#open?.summary.groups.find((it) => it.start + it.rows > start)
    if (!this.#open || !group) throw malformed(`has no row ${start}`)
    if (group !== this.#group) this.#cells.clear()
    this.#group = group
    const cells = this.#cells.get(column) ?? (await this.#decode(this.#open, column, group))
    this.#cells.set(column, cells)
    return cells.slice(start - group.start, start - group.start + count)
  }

  async #decode({ scan, flat }: OpenFile, column: string, group: RowGroup): Promise<DecodedArray> {
    if (group.bytes > this.#groupBytes) {
      const what = `has a row group of ${group.bytes} bytes, more than ${this.#groupBytes}`
      throw new ParquetFault('LIMIT_EXCEEDED', what, group.start)
    }
    const range = { rowStart: group.start, rowEnd: group.start + group.rows }
    const cells = await scan.readColumn({ column, ...range })
    // A missing value is null; undefined is a place that the pages do not fill.
    const hole = flat.has(column) ? firstHole(cells) : -1
    if (cells.length === group.rows && hole < 0) return cells
    const row = hole < 0 ? cells.length : hole
    const what = `has no value of ${JSON.stringify(column)} where the pages should hold one`
    throw new ParquetFault('MALFORMED_PARQUET', what, group.start + row)
  }
}

const decoder = new Decoder()

process.on('message', async (request: DecoderRequest) => {
  try {
    process.send?.({ answer: await decoder.answer(request) })
  } catch (error) {
    const { code, message, row } = error instanceof ParquetFault ? error : malformed(String(error))
    process.send?.({ fault: message, code, row } satisfies DecoderFault)
  }
})
process.on('disconnect', () => process.exit())
process.send?.({ answer: null })

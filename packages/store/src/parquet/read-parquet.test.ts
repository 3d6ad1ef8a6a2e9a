import { writeFileSync } from 'node:fs'
import { AssayError } from '@assay/core'
import fc from 'fast-check'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { describeParquet } from './describe-parquet.js'
import { type ParquetRow, type ReadParquetOptions, readParquet } from './read-parquet.js'
import oracle from './read-parquet.oracle.json' with { type: 'json' }

const path = temporaryFolder()
const bytesOf = (base64: string) => Buffer.from(base64, 'base64')

async function rowsOf(bytes: Uint8Array, options?: ReadParquetOptions): Promise<ParquetRow[]> {
  writeFileSync(path('a.parquet'), bytes)
  const rows: ParquetRow[] = []
  for await (const row of readParquet(path('a.parquet'), options)) rows.push(row)
  return rows
}

const failureOf = (bytes: Uint8Array, options?: ReadParquetOptions) =>
  rowsOf(bytes, options).catch((error: unknown) => error)

/** A file of one column of whole numbers, as a dictionary page and a page of indexes. */
function numbersFile(count: number): Buffer {
  const writer = new ByteWriter()
  const data = Int32Array.from({ length: count }, (_, at) => at % 7)
  parquetWrite({ writer, columnData: [{ name: 'n', data }], codec: 'UNCOMPRESSED' })
  return Buffer.from(writer.getBytes())
}

/** Changes bytes at random; every outcome must be rows or an AssayError, in time. */
async function survivesChanges(whole: Buffer, parameters: { seed: number; numRuns: number }) {
  const change = fc.tuple(fc.nat(whole.length - 9), fc.nat(255))
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const bytes = Buffer.from(whole)
      for (const [at, byte] of changes) bytes[at] = byte
      const limits = { seconds: 5, megabytes: 256 }
      const outcome = await failureOf(bytes, { limits })
      expect(Array.isArray(outcome) || AssayError.isInstance(outcome)).toBe(true)
    }),
    parameters,
  )
}

describe('readParquet', () => {
  it.each(Object.entries(oracle.files))('reads Arrow’s vectors: %s', async (_, file) => {
    const rows = await rowsOf(bytesOf(file))
    expect(rows.map(({ id }) => id)).toEqual(oracle.vectors.map((_, row) => `id ${row}`))
    expect(rows.map(({ vector }) => vector)).toEqual(oracle.vectors)
  })

  it('reads every type of cell, and null where a value is missing', async () => {
    const rows = await rowsOf(bytesOf(oracle.cells))
    const column = (name: string) => rows.map((row) => row[name])
    expect(column('text')).toEqual(['a', null, 'ü', 'a', '日本', '', 'a', 'b', null, 'c'])
    expect(column('whole')).toEqual([1n, 2n, null, 2n ** 40n, 5n, 6n, 7n, 8n, 9n, -10n])
    expect(column('small')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(column('real').slice(0, 4)).toEqual([0.5, null, 1e300, Number.POSITIVE_INFINITY])
    expect(column('truth').slice(0, 3)).toEqual([true, false, null])
    expect(column('bytes')[3]).toEqual(Uint8Array.of(3, 255))
    expect(column('moment')[9]).toEqual(new Date('2024-01-02T03:04:05Z'))
    expect(column('image')[7]).toEqual({ bytes: Uint8Array.of(7), path: '7.png' })
    expect(column('tags').slice(0, 4)).toEqual([['a', 'b'], [], null, ['c']])
  })

  it('reads only the columns that are asked for', async () => {
    const rows = await rowsOf(bytesOf(oracle.cells), { columns: ['small', 'text'] })
    expect(rows[4]).toEqual({ small: 4, text: '日本' })
    await expect(rowsOf(bytesOf(oracle.cells), { columns: ['nothing'] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('text'),
    })
  })

  it('begins at any row', async () => {
    const all = await rowsOf(bytesOf(oracle.cells), { columns: ['small'] })
    for (const first of [0, 1, 4, 9, 10, 11]) {
      expect(await rowsOf(bytesOf(oracle.cells), { columns: ['small'], first })).toEqual(
        all.slice(first),
      )
    }
  })

  it('says what its columns are', async () => {
    writeFileSync(path('a.parquet'), bytesOf(oracle.cells))
    const { rows, columns } = await describeParquet(path('a.parquet'))
    expect(rows).toBe(10)
    expect(Object.fromEntries(columns)).toMatchObject({
      text: 'text',
      whole: 'number',
      small: 'number',
      real: 'number',
      truth: 'boolean',
      bytes: 'bytes',
      moment: 'other',
      image: 'group',
      tags: 'group',
    })
  })

  it('reads a file without rows', async () => {
    expect(await rowsOf(bytesOf(oracle.empty))).toEqual([])
  })

  it('finds a cut at every byte', async () => {
    const bytes = bytesOf(oracle.files['list of float32'])
    for (let cut = 0; cut < bytes.length; cut++) {
      const error = await failureOf(bytes.subarray(0, cut))
      expect(AssayError.isInstance(error) && error.code, `cut at ${cut}`).toBe('MALFORMED_PARQUET')
    }
  })

  it('finds a cut anywhere before the footer', async () => {
    const bytes = bytesOf(oracle.files['list of float32'])
    const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
    for (let cut = 4; cut < footer; cut += 101) {
      const error = await failureOf(Buffer.concat([bytes.subarray(0, cut), bytes.subarray(footer)]))
      expect(AssayError.isInstance(error) && error.code, `cut at ${cut}`).toBe('MALFORMED_PARQUET')
    }
  })

  it('finds rows that the pages do not hold', async () => {
    const bytes = numbersFile(1000)
    // The zigzag varints of 1000, wherever the footer says it.
    const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
    const said = Buffer.of(0xd0, 0x0f)
    let found = 0
    for (let at = bytes.indexOf(said, footer); at >= 0; at = bytes.indexOf(said, at + 1)) {
      bytes.set([0xd2, 0x0f], at)
      found++
    }
    expect(found).toBeGreaterThanOrEqual(3)
    expect(await failureOf(bytes)).toMatchObject({
      code: 'MALFORMED_PARQUET',
      location: { file: path('a.parquet'), row: 1000 },
    })
  })

  it('holds its limits of footer and row group', async () => {
    const bytes = bytesOf(oracle.cells)
    for (const limits of [{ footerBytes: 100 }, { groupBytes: 10 }]) {
      const error = await failureOf(bytes, { limits })
      expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', location: { file: path('a.parquet') } })
    }
  })

  it('survives a page that keeps the decoder busy for ever', async () => {
    const bytes = numbersFile(1000)
    // A dictionary page of 432 bytes, the rest of the column, without its third field, the packed
    // size: the decoding library then reads from no place, which is the first byte over and over.
    bytes.set([0x15, 0x04, 0x15, 0xe0, 0x06, 0x5c, 0x15, 0x0e, 0x15, 0x00, 0x00], 4)
    const error = await failureOf(bytes, { limits: { seconds: 1 } })
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', location: { row: 0 } })
  })

  it('survives a page that asks for all memory', async () => {
    const bytes = numbersFile(1000)
    // Indexes of 3 bits: instead of 1000 packed ones, a run of 2^31 - 1 equal ones.
    const indexes = bytes.indexOf(Buffer.of(0x03, 0xfb, 0x01))
    bytes.set([0xfe, 0xff, 0xff, 0xff, 0x0f, 0x00], indexes + 1)
    const error = await failureOf(bytes, { limits: { megabytes: 200 } })
    // Whichever comes first: our limit, or the heap's, which ends the decoder.
    const code = expect.stringMatching(/^(LIMIT_EXCEEDED|MALFORMED_PARQUET)$/)
    expect(error).toMatchObject({ code, location: { row: 0 } })
  })

  it.skipIf(process.platform !== 'linux')(
    'holds its limit of memory for unpacked pages',
    async () => {
      const bomb = bytesOf(oracle.bomb)
      expect(bomb.length).toBeLessThan(20_000)
      const error = await failureOf(bomb, { limits: { megabytes: 200 } })
      expect(error).toMatchObject({
        code: 'LIMIT_EXCEEDED',
        message: expect.stringContaining('200 MiB'),
      })
    },
  )

  it('ends with rows or an AssayError whatever bytes are changed', async () => {
    await survivesChanges(bytesOf(oracle.cells), { seed: 6, numRuns: 25 })
  })

  it('does not blame the file when the decoder cannot start', async () => {
    const error = await failureOf(bytesOf(oracle.cells), { limits: { megabytes: 0.5 } })
    expect(error).toMatchObject({ code: 'INTERNAL', location: { file: path('a.parquet') } })
  })

  it('stops the decoder when the reader stops early', async () => {
    writeFileSync(path('a.parquet'), bytesOf(oracle.cells))
    for await (const { small } of readParquet(path('a.parquet'))) {
      expect(small).toBe(0)
      break
    }
  })

  it('says which file is missing or no parquet file', async () => {
    const missing = readParquet(path('missing')).next()
    await expect(missing).rejects.toMatchObject({ code: 'FILE_MISSING' })
    expect(await failureOf(Buffer.from('PAR'))).toMatchObject({ code: 'MALFORMED_PARQUET' })
    expect(await failureOf(Buffer.from('PAR1PAR1'))).toMatchObject({ code: 'MALFORMED_PARQUET' })
  })
})

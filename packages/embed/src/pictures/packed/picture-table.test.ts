import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordingEncoder } from '../../__fixtures__/recording-encoder.js'
import { embedPictures } from '../../cached/embed-pictures.js'
import type { Picture } from '../picture-set.js'
import { readPictureSet } from '../read-picture-set.js'
import oracle from './picture-table.oracle.json' with { type: 'json' }

const { tables } = oracle
const expected = Array.from({ length: 7 }, (_, row) => `picture ${row}`)

let root: string
let folder: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-tables-'))
})
beforeEach(() => {
  folder = mkdtempSync(join(root, 'set-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const put = (name: string, table: keyof typeof tables): string => {
  const path = join(folder, name)
  writeFileSync(path, Buffer.from(tables[table], 'base64'))
  return path
}

const bytesOf = async ({ source }: Picture): Promise<string> =>
  typeof source === 'string' ? source : Buffer.from(await source.read()).toString()

const outcomeOf = (picture: Picture): Promise<string> =>
  bytesOf(picture).catch((error: unknown) => {
    if (AssayError.isInstance(error)) return error.code
    throw error
  })

describe('a table of pictures', () => {
  it('as Hugging Face writes it is a set', async () => {
    const { pictures, failures } = await readPictureSet(put('a.parquet', 'structures'))
    expect(failures).toEqual([])
    expect(pictures[5]).toMatchObject({ id: 'row-5', prompt: 'text 5', metadata: { label: 5 } })
    expect(await Promise.all(pictures.map(bytesOf))).toEqual(expected)
  })

  it('tells ids, prompts and whatever is a single value', async () => {
    const { pictures } = await readPictureSet(put('a.parquet', 'everything'))
    expect(pictures.map(({ prompt }) => prompt)).toEqual([
      null,
      ...Array.from({ length: 6 }, (_, row) => `prompt ${row + 1}`),
    ])
    expect(pictures[2]).toMatchObject({ id: 'id 2', path: 'id 2' })
    expect(pictures[2]?.metadata).toEqual({
      caption: 'caption',
      seed: String(2n ** 60n + 2n),
      score: 1,
      safe: true,
    })
    expect(await Promise.all(pictures.map(bytesOf))).toEqual(expected)
  })

  it('gives its pictures in any order', async () => {
    const { pictures } = await readPictureSet(put('a.parquet', 'pictures alone'))
    const order = [6, 0, 3, 3, 5, 1, 6]
    const read = await Promise.all(order.map((row) => bytesOf(pictures[row] as Picture)))
    expect(read).toEqual(order.map((row) => `picture ${row}`))
  })

  it('makes a failure of a row that cannot be used, and goes on', async () => {
    const { pictures, failures } = await readPictureSet(put('a.parquet', 'broken rows'))
    expect(failures).toMatchObject([
      { id: 'd', code: 'LIMIT_EXCEEDED', location: { file: 'a.parquet', row: 3 } },
      { id: 'b', code: 'DUPLICATE_ID' },
    ])
    expect(pictures.map(({ id }) => id)).toEqual(['a', 'b', 'e', 'f', 'g'])
    const outcomes = await Promise.all(pictures.map(outcomeOf))
    const unreadable = 'IMAGE_UNREADABLE'
    expect(outcomes).toEqual(['picture 0', 'picture 1', unreadable, unreadable, 'picture 6'])
    const embedded = await embedPictures({ encoder: recordingEncoder(), pictures })
    expect(embedded.failures.map(({ id, stage, code }) => [id, stage, code])).toEqual([
      ['e', 'read', unreadable],
      ['f', 'read', unreadable],
    ])
  })

  it('may be empty, but not without a column of pictures', async () => {
    expect(await readPictureSet(put('a.parquet', 'no rows'))).toMatchObject({
      pictures: [],
      failures: [],
    })
    const other = readPictureSet(put('b.parquet', 'no pictures'))
    await expect(other).rejects.toMatchObject({
      code: 'MALFORMED_PARQUET',
      message: expect.stringContaining('id, image'),
    })
  })

  it('that is damaged is an error as a whole where it is listed, and costs pictures afterwards', async () => {
    const path = put('a.parquet', 'everything')
    const { pictures } = await readPictureSet(path)
    truncateSync(path, 1000)
    expect(new Set(await Promise.all(pictures.map(outcomeOf)))).toEqual(
      new Set(['IMAGE_UNREADABLE']),
    )
    await expect(readPictureSet(path)).rejects.toMatchObject({ code: 'MALFORMED_PARQUET' })
    const limits = { parquet: { groupBytes: 10 } }
    const small = readPictureSet(put('b.parquet', 'everything'), { limits })
    await expect(small).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })
})

describe('a folder of tables', () => {
  it('is one set; rows without ids are told apart by their table', async () => {
    put('train-1.parquet', 'pictures alone')
    put('train-0.parquet', 'structures')
    const { pictures, failures } = await readPictureSet(folder)
    expect(failures).toEqual([])
    expect(pictures.map(({ id }) => id).slice(5, 9)).toEqual([
      'train-0.parquet/row-5',
      'train-0.parquet/row-6',
      'train-1.parquet/row-0',
      'train-1.parquet/row-1',
    ])
    expect(await Promise.all(pictures.map(bytesOf))).toEqual([...expected, ...expected])
  })
})

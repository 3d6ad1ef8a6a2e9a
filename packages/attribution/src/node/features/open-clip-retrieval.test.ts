import { rmSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  blocksOf,
  bytesOf,
  outcomeOf,
  temporaryFiles,
  valuesOf,
} from './feature-files.test.helper.js'
import { openFeatures } from './open-features.js'
import oracle from './open-features.oracle.json' with { type: 'json' }

const { path, written } = temporaryFiles()
const { rows, columns, names, captions, licences, unit } = oracle
const files: Readonly<Record<string, string>> = oracle.clipRetrieval

beforeEach(() => {
  for (const [name, content] of Object.entries(files)) written(name, bytesOf(content))
})

describe('openFeatures on a folder of clip-retrieval', () => {
  it('reads the shards by number, with the names and captions of the same rows', async () => {
    const source = await openFeatures(path())
    expect(source).toMatchObject({ rows, columns, ids: names, normalized: true, fingerprint: null })
    expect(source.groups).toEqual(new Map([['caption', captions]]))
    for (const step of [1, 2, 5, 7]) expect(valuesOf(await blocksOf(source, step))).toEqual(unit)
    await source.close()
  })

  it('keeps the columns that are asked for', async () => {
    const source = await openFeatures(path(), { fields: ['license', 'width'] })
    expect(source.groups.get('license')).toEqual(licences)
    expect(source.groups.get('width')).toEqual(names.map((_, row) => String(row)))
    expect(source.groups.size).toBe(2)
    expect(await outcomeOf(path(), { fields: ['artist'] })).toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  it('takes another column as the id, or none, and refuses one that repeats', async () => {
    const widths = names.map((_, row) => String(row))
    expect(await outcomeOf(path(), { idField: 'width' })).toMatchObject({ source: { ids: widths } })
    expect(await outcomeOf(path(), { idField: null })).toMatchObject({ source: { ids: null } })
    expect(await outcomeOf(path(), { idField: 'license' })).toMatchObject({
      code: 'DUPLICATE_ID',
      location: { file: path('metadata', 'metadata_9.parquet'), row: 3, id: 'by' },
    })
  })

  it('adds labels of another table by id', async () => {
    const labels = written(
      'artists.jsonl',
      `{"id":"${names[5]}","artist":"Ada"}\n{"id":"no such","artist":"Bo"}\n`,
    )
    const source = await openFeatures(path(), { labels, fields: ['artist', 'caption'] })
    expect(source.groups.get('artist')).toEqual(names.map((_, row) => (row === 5 ? 'Ada' : null)))
    expect(source.groups.get('caption')).toEqual(captions)
    await source.close()
  })

  it.each([
    ['metadata is missing', 'metadata/metadata_9.parquet', /no metadata 9/],
    ['embeddings are missing', 'img_emb/img_emb_9.npy', /no embeddings 9/],
  ])('refuses a folder where %s', async (_, name, message) => {
    rmSync(path(name))
    expect(await outcomeOf(path())).toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringMatching(message),
    })
  })

  it('refuses metadata of another number of rows than its embeddings', async () => {
    written('metadata/metadata_9.parquet', bytesOf(files['metadata/metadata_10.parquet'] ?? ''))
    expect(await outcomeOf(path())).toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining('4 rows'),
    })
  })

  it('reads embeddings whose metadata was never written, by row number', async () => {
    rmSync(path('metadata'), { recursive: true })
    expect(await outcomeOf(path())).toMatchObject({ source: { ids: null }, values: unit })
  })

  it('refuses raw features in such a folder, unless they are said to be raw', async () => {
    const raw = bytesOf(oracle.npy['f2 C'])
    rmSync(path('img_emb'), { recursive: true })
    rmSync(path('metadata'), { recursive: true })
    written('img_emb/img_emb_0.npy', raw)
    expect(await outcomeOf(path())).toMatchObject({
      code: 'NORMALIZATION_MISMATCH',
      location: { row: 0 },
    })
    expect(await outcomeOf(path(), { normalized: false })).toMatchObject({ values: oracle.raw })
  })

  it('refuses a folder of embeddings without any', async () => {
    rmSync(path('img_emb', 'img_emb_9.npy'))
    rmSync(path('img_emb', 'img_emb_10.npy'))
    expect(await outcomeOf(path())).toMatchObject({ code: 'EMPTY_INPUT' })
  })
})

import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createMatrix, type Matrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { featuresFromMatrix } from '../../features/features-from-matrix.js'
import { blocksOf, outcomeOf, temporaryFiles, valuesOf } from './feature-files.test.helper.js'
import { openFeatures } from './open-features.js'
import { writeFeatureStore } from './write-feature-store.js'

const { path, written } = temporaryFiles()

const matrix = createMatrix({
  data: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  ids: ['a', 'b', 'c'],
  fingerprint: 'space',
})
const mirrored: Matrix = { ...matrix, data: matrix.data.map((value) => -value) }
const groups = new Map([
  ['artist', ['Ada', null, 'Bo']],
  ['licence', ['by', 'by', null]],
])

describe('writeFeatureStore', () => {
  it('keeps everything that is known of the features', async () => {
    const source = featuresFromMatrix(matrix, { groups, mirrored })
    await writeFeatureStore(path('store'), source, { metadata: { encoder: 'x' } })
    const opened = await openFeatures(path('store'))
    expect(opened).toMatchObject({ rows: 3, columns: 2, fingerprint: 'space', normalized: false })
    expect(opened.ids).toEqual(matrix.ids)
    expect(opened.groups).toEqual(groups)
    expect(opened.metadata.get('encoder')).toBe('x')
    const blocks = await blocksOf(opened)
    expect(valuesOf(blocks)).toEqual([...matrix.data])
    expect(blocks.flatMap((block) => [...(block.mirrored?.data ?? [])])).toEqual([...mirrored.data])
    await opened.close()
  })

  it('keeps labels of rows without ids', async () => {
    const source = featuresFromMatrix({ ...matrix, ids: null }, { groups })
    await writeFeatureStore(path('store'), source)
    const opened = await openFeatures(path('store'))
    expect(opened).toMatchObject({ ids: null, groups, mirrored: false })
    await opened.close()
  })

  it('can copy features from one store to another', async () => {
    await writeFeatureStore(path('one'), featuresFromMatrix(matrix, { groups }))
    const one = await openFeatures(path('one'))
    await writeFeatureStore(path('two'), one)
    await one.close()
    expect(await outcomeOf(path('two'))).toMatchObject({
      values: [...matrix.data],
      source: { groups },
    })
  })

  it('leaves nothing of the store that it replaces, and other files alone', async () => {
    written('store/notes.txt', 'mine')
    await writeFeatureStore(path('store'), featuresFromMatrix(matrix, { groups, mirrored }))
    await writeFeatureStore(path('store'), featuresFromMatrix(matrix))
    expect(readdirSync(path('store')).sort()).toEqual(['features.safetensors', 'notes.txt'])
  })

  it('is no store where the writing failed', async () => {
    await writeFeatureStore(path('store'), featuresFromMatrix(matrix, { groups }))
    const writing = writeFeatureStore(path('store'), featuresFromMatrix(matrix), {
      signal: AbortSignal.abort(),
    })
    await expect(writing).rejects.toMatchObject({ code: 'ABORTED' })
    expect(existsSync(path('store', 'features.safetensors'))).toBe(false)
    expect(await outcomeOf(path('store'))).toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
  })

  it('is refused where a part was lost or changed', async () => {
    await writeFeatureStore(path('store'), featuresFromMatrix(matrix, { groups, mirrored }))
    rmSync(path('store', 'mirrored.safetensors'))
    expect(await outcomeOf(path('store'))).toMatchObject({ code: 'FILE_MISSING' })
    await writeFeatureStore(path('store'), featuresFromMatrix(matrix, { groups }))
    writeFileSync(path('store', 'labels.jsonl'), '{"id":"a","artist":"Eve"}\n')
    expect(await outcomeOf(path('store'))).toMatchObject({ code: 'MALFORMED_METADATA' })
    rmSync(path('store', 'labels.jsonl'))
    expect(await outcomeOf(path('store'))).toMatchObject({ code: 'FILE_MISSING' })
  })

  it('adds labels that are given when it is opened', async () => {
    await writeFeatureStore(path('store'), featuresFromMatrix(matrix, { groups }))
    const labels = written('more.csv', 'id,source\nb,museum\n')
    const opened = await openFeatures(path('store'), { labels, fields: ['artist', 'source'] })
    expect(opened.groups).toEqual(
      new Map([
        ['artist', ['Ada', null, 'Bo']],
        ['source', [null, 'museum', null]],
      ]),
    )
    await opened.close()
  })

  it('refuses a label that is called as the id is', async () => {
    const source = featuresFromMatrix(matrix, { groups: new Map([['id', ['x', 'y', 'z']]]) })
    await expect(writeFeatureStore(path('store'), source)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})

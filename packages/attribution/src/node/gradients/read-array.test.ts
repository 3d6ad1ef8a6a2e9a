import { describe, expect, it } from 'vitest'
import { temporaryFiles } from '../features/feature-files.test.helper.js'
import oracle from './gradient-files.oracle.json' with { type: 'json' }
import { writeForeignFiles } from './gradient-files.test.helper.js'
import { readRankings, readVector } from './read-array.js'
import { readScoreMatrix } from './read-score-matrix.js'

const { path, written } = temporaryFiles()

describe('readVector', () => {
  it.each(['losses-f8.npy', 'losses-row.npy'])('reads %s to the last digit', async (name) => {
    writeForeignFiles(written, name)
    expect([...(await readVector(path(name)))]).toEqual(oracle.losses)
  })

  it('reads float32, and float16 of one column', async () => {
    writeForeignFiles(written)
    const single = await readVector(path('losses-f4.npy'))
    expect([...single]).toEqual(oracle.losses.map(Math.fround))
    expect(await readVector(path('trak/0/out_to_loss.mmap'))).toHaveLength(12)
  })

  it.each([
    ['matrix.npy', 'UNSUPPORTED_FORMAT'],
    ['ranks-int64.npy', 'UNSUPPORTED_FORMAT'],
    ['scores.safetensors', 'MALFORMED_NPY'],
    ['nothing.npy', 'FILE_MISSING'],
  ])('refuses %s', async (name, code) => {
    writeForeignFiles(written)
    await expect(readVector(path(name))).rejects.toMatchObject({ code })
  })
})

describe('readRankings', () => {
  it.each(['ranks-int32.npy', 'ranks-int64.npy'])('reads %s', async (name) => {
    writeForeignFiles(written, name)
    const rankings = await readRankings(path(name))
    expect(rankings.map((ranking) => [...ranking])).toEqual(oracle.ranks)
  })

  it.each(['losses-f8.npy', 'matrix.npy'])('refuses %s', async (name) => {
    writeForeignFiles(written, name)
    const refused = { code: 'UNSUPPORTED_FORMAT' }
    await expect(readRankings(path(name))).rejects.toMatchObject(refused)
  })
})

describe('readScoreMatrix', () => {
  const rowOf = (rows: number[][], at: number) => rows[at] ?? []

  it('reads scores of any form, either way round, with ids and sign', async () => {
    writeForeignFiles(written, 'scores')
    const file = path('scores.safetensors')
    const byQuery = await readScoreMatrix(file, { rowsAre: 'query', queryIds: ['a', 'b', 'c'] })
    expect(byQuery).toMatchObject({
      rows: 3,
      columns: 4,
      queryIds: ['a', 'b', 'c'],
      trainIds: null,
    })
    expect([...byQuery.data]).toEqual(oracle.scores.flat())
    const byTrain = await readScoreMatrix(file, {
      rowsAre: 'train',
      negate: true,
      trainIds: ['x', 'y', 'z'],
      queryIds: ['a', 'b', 'c', 'd'],
    })
    expect(byTrain).toMatchObject({ rows: 4, columns: 3, trainIds: ['x', 'y', 'z'] })
    expect([...byTrain.data.subarray(0, 3)]).toEqual(
      [0, 1, 2].map((train) => -(rowOf(oracle.scores, train)[0] ?? 0)),
    )
    expect(byTrain.queryIds).toEqual(['a', 'b', 'c', 'd'])
  })

  it('refuses ids that do not fit', async () => {
    writeForeignFiles(written, 'scores')
    const file = path('scores.safetensors')
    for (const options of [{ queryIds: ['a'] }, { trainIds: ['a', 'b', 'c'] }]) {
      await expect(readScoreMatrix(file, { rowsAre: 'query', ...options })).rejects.toMatchObject({
        code: 'SHAPE_MISMATCH',
      })
    }
  })
})

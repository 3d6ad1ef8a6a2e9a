import { describe, expect, it } from 'vitest'
import parquet from '../parquet/read-parquet.oracle.json' with { type: 'json' }
import { bytesOf, matrixFiles, readAll, rowsOf } from '../test-support/matrix-files.test.helper.js'
import { openMatrixFile } from './open-matrix-file.js'

const { outcomeOf, path, written } = matrixFiles()

describe('openMatrixFile on parquet', () => {
  const chosen = { vectors: 'vector', ids: 'id' }

  it.each(Object.entries(parquet.files))('reads Arrow’s %s', async (_, file) => {
    const matrix = await openMatrixFile(written(bytesOf(file)), { parquet: chosen })
    expect(matrix).toMatchObject({ rows: 10, columns: 3, region: null })
    expect(rowsOf(await matrix.read())).toEqual(parquet.vectors)
    const part = await matrix.read({ start: 3, count: 6 })
    expect(rowsOf(part)).toEqual(parquet.vectors.slice(3, 9))
    expect(part.ids).toEqual(['id 3', 'id 4', 'id 5', 'id 6', 'id 7', 'id 8'])
    await matrix.close()
  })

  it.each(['float16', 'float32', 'float64'] as const)('reads bytes of %s', async (bytes) => {
    const file = written(bytesOf(parquet[`${bytes} bytes`]))
    expect(rowsOf(await readAll(file, { parquet: { ...chosen, bytes } }))).toEqual(parquet.vectors)
  })

  it.each([
    ['is missing', 'null vector', 6],
    ['lacks a number', 'null inside', 6],
    ['has another length', 'ragged', 6],
    ['float32 cannot hold', 'too large', 0],
    ['is bytes of an unknown type', 'float32 bytes', 0],
  ] as const)('names the row whose vector %s', async (_, name, row) => {
    expect(await outcomeOf(bytesOf(parquet[name]), { parquet: chosen })).toMatchObject({
      code: 'MALFORMED_PARQUET',
      location: { file: path('a.npy'), row },
    })
  })

  it('names a row of another length also where it is read alone', async () => {
    const matrix = await openMatrixFile(written(bytesOf(parquet.ragged)), { parquet: chosen })
    await expect(matrix.read({ start: 6, count: 1 })).rejects.toMatchObject({
      code: 'MALFORMED_PARQUET',
      location: { row: 6 },
    })
    await matrix.close()
  })

  it('reads fingerprint and normalisation from the file', async () => {
    const matrix = await readAll(written(bytesOf(parquet.metadata)), { parquet: chosen })
    expect(matrix).toMatchObject({ fingerprint: 'space', normalized: true, ids: ['a'] })
  })

  it('refuses a file without rows, a missing id and an unnamed column', async () => {
    const options = { parquet: { vectors: 'tags' } }
    expect(await outcomeOf(bytesOf(parquet.empty), options)).toMatchObject({ code: 'EMPTY_INPUT' })
    const ids = { parquet: { vectors: 'tags', ids: 'text' } }
    expect(await outcomeOf(bytesOf(parquet.cells), ids)).toMatchObject({
      code: 'MALFORMED_PARQUET',
    })
    expect(await outcomeOf(bytesOf(parquet.cells))).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

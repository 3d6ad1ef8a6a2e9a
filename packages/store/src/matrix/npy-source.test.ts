import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { AssayError } from '@assay/core'
import { writeNpyHeader } from '@assay/core/formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf, matrixFiles, readAll, rowsOf } from '../test-support/matrix-files.test.helper.js'
import oracle from './matrix-file.oracle.json' with { type: 'json' }
import { openMatrixFile } from './open-matrix-file.js'

const { outcomeOf, path, written } = matrixFiles()

describe('openMatrixFile on npy', () => {
  it.each(Object.entries(oracle.arrays))('reads numpy’s %s', async (_, { file, values }) => {
    const expected = Float32Array.from(values, (value) => Number(value.replace('inf', 'Infinity')))
    const matrix = await openMatrixFile(written(bytesOf(file)))
    expect(matrix).toMatchObject({ rows: oracle.rows, columns: oracle.columns, ids: null })
    expect((await matrix.read()).data).toEqual(expected)
    for (let start = 0; start <= oracle.rows; start++) {
      for (let count = 0; start + count <= oracle.rows; count++) {
        const part = await matrix.read({ start, count })
        const range = [start * oracle.columns, (start + count) * oracle.columns]
        expect(part).toMatchObject({ rows: count, data: expected.subarray(...range) })
      }
    }
    await matrix.close()
  })

  it('knows a file by its content and not by its name', async () => {
    const file = written(bytesOf(oracle.arrays['<f4 C'].file), 'features.mmap')
    expect(await readAll(file)).toMatchObject({ rows: oracle.rows })
  })

  it('asks for the shape of a file without a header', async () => {
    expect(await outcomeOf(new Uint8Array(4096))).toMatchObject({
      code: 'MALFORMED_MATRIX_FILE',
      remedy: expect.stringContaining('shape'),
      location: { file: path('a.npy') },
    })
  })

  it('reads one dimension as one row, and a matrix without rows', async () => {
    expect(rowsOf(await readAll(written(bytesOf(oracle.vector))))).toEqual([[0, 1, 2, 3]])
    expect(await readAll(written(bytesOf(oracle.noRows)))).toMatchObject({ rows: 0, columns: 3 })
  })

  it.each(['cube', 'integers', 'noColumns'] as const)('refuses %s', async (name) => {
    const error = await outcomeOf(bytesOf(oracle[name]))
    expect(error).toMatchObject({ code: 'UNSUPPORTED_FORMAT', location: { file: path('a.npy') } })
  })

  it('refuses a value that float32 cannot hold, naming its row', async () => {
    const error = await outcomeOf(bytesOf(oracle.beyondFloat32))
    expect(error).toMatchObject({ code: 'NOT_FINITE', value: 1e300, location: { row: 1 } })
  })

  it('finds a cut at every byte, naming the row that is cut', async () => {
    const { file } = oracle.arrays['<f4 C']
    const bytes = bytesOf(file)
    const data = bytes.length - oracle.rows * oracle.columns * 4
    for (let cut = 0; cut < bytes.length; cut++) {
      const error = await outcomeOf(bytes.subarray(0, cut))
      const row = Math.floor((cut - data) / (oracle.columns * 4))
      const expected =
        cut < data ? { code: expect.stringMatching(/^MALFORMED/) } : { location: { row } }
      expect(error, `cut at ${cut}`).toMatchObject(expected)
    }
    expect(await outcomeOf(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatchObject({
      code: 'MALFORMED_NPY',
    })
  })

  it('names no row of a cut file whose columns stand together', async () => {
    const bytes = bytesOf(oracle.arrays['<f4 F'].file)
    const error = await outcomeOf(bytes.subarray(0, -4))
    expect(error).toMatchObject({ code: 'MALFORMED_NPY', location: { file: path('a.npy') } })
    expect((error as AssayError).location).not.toHaveProperty('row')
  })

  it('ends with rows or an AssayError whatever bytes are changed', async () => {
    const whole = bytesOf(oracle.arrays['<f2 F'].file)
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        const outcome = await outcomeOf(bytes)
        const isMatrix = typeof outcome === 'object' && outcome !== null && 'rows' in outcome
        expect(isMatrix || AssayError.isInstance(outcome)).toBe(true)
      }),
      { seed: 8, numRuns: 500 },
    )
  })
})

describe('openMatrixFile on files beyond 4 GiB', () => {
  const rows = 1_200_000
  const columns = 1024

  /** A sparse file: the rows are zeros but for the number of each row that is named. */
  function sparse(file: string, header: Uint8Array, marked: readonly number[]): string {
    const handle = openSync(file, 'w')
    ftruncateSync(handle, header.length + rows * columns * 4)
    writeSync(handle, header, 0, header.length, 0)
    for (const row of marked) {
      const position = header.length + row * columns * 4
      writeSync(handle, Buffer.from(Float32Array.of(row).buffer), 0, 4, position)
    }
    closeSync(handle)
    return file
  }

  it('reads rows on both sides of 2 and 4 GiB', async () => {
    const header = writeNpyHeader({ type: 'float32', shape: [rows, columns] })
    const around = (bytes: number) => Math.floor((bytes - header.length) / (columns * 4))
    const marked = [0, around(2 ** 31), around(2 ** 31) + 1, around(2 ** 32) + 1, rows - 1]
    const matrix = await openMatrixFile(sparse(path('big.npy'), header, marked))
    expect(matrix.rows).toBe(rows)
    expect(matrix.region).toEqual({
      path: path('big.npy'),
      offset: header.length,
      bytes: rows * columns * 4,
      rows,
      columns,
    })
    for (const row of marked) {
      const { data } = await matrix.read({ start: row, count: 1 })
      expect(data.subarray(0, 2)).toEqual(Float32Array.of(row, 0))
    }
    await matrix.close()
  })
})

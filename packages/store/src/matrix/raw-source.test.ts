import { describe, expect, it } from 'vitest'
import { bytesOf, matrixFiles, readAll, rowsOf } from '../test-support/matrix-files.test.helper.js'
import oracle from './matrix-file.oracle.json' with { type: 'json' }

const { outcomeOf, written } = matrixFiles()

describe('openMatrixFile on headerless files', () => {
  const numbers = Float64Array.of(1, 2, 3, 4, 5, 6)

  it('reads rows of the shape and type that it is told', async () => {
    const raw = { columns: 2, type: 'float64' } as const
    const file = written(new Uint8Array(numbers.buffer))
    expect(rowsOf(await readAll(file, { raw }))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const after = { ...raw, offset: 16, rows: 2 }
    expect(rowsOf(await readAll(file, { raw: after }))).toEqual([
      [3, 4],
      [5, 6],
    ])
  })

  it.each([
    ['rows that are not there', { columns: 2, type: 'float64', rows: 4 }, 'MALFORMED_MATRIX_FILE'],
    ['rows that are left over', { columns: 2, type: 'float64', rows: 2 }, 'MALFORMED_MATRIX_FILE'],
    ['part of a row', { columns: 5, type: 'float64' }, 'MALFORMED_MATRIX_FILE'],
    ['no columns', { columns: 0 }, 'INVALID_ARGUMENT'],
    ['half a column', { columns: 1.5 }, 'INVALID_ARGUMENT'],
    ['a negative offset', { columns: 2, offset: -8 }, 'INVALID_ARGUMENT'],
  ] as const)('refuses %s', async (_, raw, code) => {
    expect(await outcomeOf(new Uint8Array(numbers.buffer), { raw })).toMatchObject({ code })
  })

  it('does not read the header of an npy file as numbers', async () => {
    const error = await outcomeOf(bytesOf(oracle.arrays['<f4 C'].file), { raw: { columns: 1 } })
    expect(error).toMatchObject({ code: 'MALFORMED_MATRIX_FILE' })
  })
})

import { AssayError } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { bytesOf, matrixFiles, readAll } from '../test-support/matrix-files.test.helper.js'
import oracle from './matrix-file.oracle.json' with { type: 'json' }
import { openMatrixFile } from './open-matrix-file.js'

const { outcomeOf, written } = matrixFiles()

describe('openMatrixFile on safetensors', () => {
  it('reads ids, fingerprint and metadata of a matrix file that another library wrote', async () => {
    const matrix = await openMatrixFile(written(bytesOf(oracle.own)))
    expect(matrix).toMatchObject({
      rows: oracle.rows,
      columns: oracle.columns,
      type: 'float32',
      ids: oracle.ids,
      normalized: false,
      fingerprint: 'space',
    })
    expect(matrix.metadata.get('format')).toBe('assay.matrix')
    expect((await matrix.read({ start: 2, count: 3 })).ids).toEqual(oracle.ids.slice(2, 5))
    await matrix.close()
  })

  it.each(['f2', 'f4', 'f8'] as const)('reads the tensor that is chosen: %s', async (tensor) => {
    const matrix = await readAll(written(bytesOf(oracle.tensors)), { tensor })
    const expected = await readAll(written(bytesOf(oracle.arrays[`<${tensor} C`].file)))
    expect(matrix.data).toEqual(expected.data)
  })

  it('asks for a tensor where there are several', async () => {
    expect(await outcomeOf(bytesOf(oracle.tensors))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      remedy: expect.stringContaining('f8'),
    })
    expect(await outcomeOf(bytesOf(oracle.tensors), { tensor: 'no' })).toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  it('finds a cut at every byte', async () => {
    const bytes = bytesOf(oracle.own)
    for (let cut = 0; cut < bytes.length; cut++) {
      const error = await outcomeOf(bytes.subarray(0, cut))
      expect(AssayError.isInstance(error) && error.code, `cut at ${cut}`).toMatch(/^MALFORMED/)
    }
  })

  it.each([
    ['offsets that go back', [0, 20, 10]],
    ['offsets that do not start at 0', [1]],
    ['offsets within a character', [0, 8]],
    ['an offset beyond the end', [0, 10 ** 9]],
  ])('refuses ids with %s', async (_, places) => {
    const bytes = bytesOf(oracle.own)
    const ids = bytes.length - oracle.ids.join('').length - oracle.rows
    const offsets = ids - 4 * (oracle.rows + 1)
    for (const [at, place] of places.entries()) bytes.writeInt32LE(place, offsets + at * 4)
    expect(await outcomeOf(bytes)).toMatchObject({ code: 'MALFORMED_SAFETENSORS' })
  })

  it('refuses an id that comes twice', async () => {
    const bytes = bytesOf(oracle.own)
    const second = bytes.indexOf('bild-1')
    bytes.write('bild-0', second)
    expect(await outcomeOf(bytes)).toMatchObject({ code: 'DUPLICATE_ID', location: { row: 1 } })
  })

  it.each([
    ['offsets that are no whole numbers', '"I32"', '"F32"'],
    ['ids that are no bytes', '"U8"', '"I8"'],
    ['a normalisation that is neither true nor false', '"false"', '"maybe"'],
  ])('refuses %s', async (_, said, instead) => {
    const bytes = bytesOf(oracle.own)
    bytes.write(instead, bytes.indexOf(said))
    expect(await outcomeOf(bytes)).toMatchObject({ code: 'MALFORMED_SAFETENSORS' })
  })

  it('names the format of a file that is called safetensors', async () => {
    const file = written(Buffer.alloc(64, 0xff), 'a.safetensors')
    await expect(readAll(file)).rejects.toMatchObject({
      kind: expect.stringMatching(/format|limit/),
    })
  })
})

import { closeSync, ftruncateSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { AssayError, type Matrix } from '@assay/core'
import { writeNpyHeader } from '@assay/core/formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../files/sha256.js'
import parquet from '../parquet/read-parquet.oracle.json' with { type: 'json' }
import { sharedData } from '../test-support/shared-data.test.helper.js'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import oracle from './matrix-file.oracle.json' with { type: 'json' }
import { type MatrixFileOptions, openMatrixFile } from './open-matrix-file.js'

const path = temporaryFolder()
const bytesOf = (base64: string) => Buffer.from(base64, 'base64')

function written(content: Uint8Array, name = 'a.npy'): string {
  writeFileSync(path(name), content)
  return path(name)
}

async function readAll(file: string, options?: MatrixFileOptions): Promise<Matrix> {
  const matrix = await openMatrixFile(file, options)
  try {
    return await matrix.read()
  } finally {
    await matrix.close()
  }
}

const failureOf = (content: Uint8Array, options?: MatrixFileOptions) =>
  readAll(written(content), options).catch((error: unknown) => error)

const rowsOf = (matrix: Matrix) =>
  Array.from({ length: matrix.rows }, (_, row) => [
    ...matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns),
  ])

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
    expect(await failureOf(new Uint8Array(4096))).toMatchObject({
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
    const error = await failureOf(bytesOf(oracle[name]))
    expect(error).toMatchObject({ code: 'UNSUPPORTED_FORMAT', location: { file: path('a.npy') } })
  })

  it('refuses a value that float32 cannot hold, naming its row', async () => {
    const error = await failureOf(bytesOf(oracle.beyondFloat32))
    expect(error).toMatchObject({ code: 'NOT_FINITE', value: 1e300, location: { row: 1 } })
  })

  it('finds a cut at every byte, naming the row that is cut', async () => {
    const { file } = oracle.arrays['<f4 C']
    const bytes = bytesOf(file)
    const data = bytes.length - oracle.rows * oracle.columns * 4
    for (let cut = 0; cut < bytes.length; cut++) {
      const error = await failureOf(bytes.subarray(0, cut))
      const row = Math.floor((cut - data) / (oracle.columns * 4))
      const expected =
        cut < data ? { code: expect.stringMatching(/^MALFORMED/) } : { location: { row } }
      expect(error, `cut at ${cut}`).toMatchObject(expected)
    }
    expect(await failureOf(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatchObject({
      code: 'MALFORMED_NPY',
    })
  })

  it('names no row of a cut file whose columns stand together', async () => {
    const bytes = bytesOf(oracle.arrays['<f4 F'].file)
    const error = await failureOf(bytes.subarray(0, -4))
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
        const outcome = await failureOf(bytes)
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
    expect(await failureOf(new Uint8Array(numbers.buffer), { raw })).toMatchObject({ code })
  })

  it('does not read the header of an npy file as numbers', async () => {
    const error = await failureOf(bytesOf(oracle.arrays['<f4 C'].file), { raw: { columns: 1 } })
    expect(error).toMatchObject({ code: 'MALFORMED_MATRIX_FILE' })
  })
})

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
    expect(await failureOf(bytesOf(oracle.tensors))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      remedy: expect.stringContaining('f8'),
    })
    expect(await failureOf(bytesOf(oracle.tensors), { tensor: 'no' })).toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  it('finds a cut at every byte', async () => {
    const bytes = bytesOf(oracle.own)
    for (let cut = 0; cut < bytes.length; cut++) {
      const error = await failureOf(bytes.subarray(0, cut))
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
    expect(await failureOf(bytes)).toMatchObject({ code: 'MALFORMED_SAFETENSORS' })
  })

  it('refuses an id that comes twice', async () => {
    const bytes = bytesOf(oracle.own)
    const second = bytes.indexOf('bild-1')
    bytes.write('bild-0', second)
    expect(await failureOf(bytes)).toMatchObject({ code: 'DUPLICATE_ID', location: { row: 1 } })
  })

  it.each([
    ['offsets that are no whole numbers', '"I32"', '"F32"'],
    ['ids that are no bytes', '"U8"', '"I8"'],
    ['a normalisation that is neither true nor false', '"false"', '"maybe"'],
  ])('refuses %s', async (_, said, instead) => {
    const bytes = bytesOf(oracle.own)
    bytes.write(instead, bytes.indexOf(said))
    expect(await failureOf(bytes)).toMatchObject({ code: 'MALFORMED_SAFETENSORS' })
  })

  it('names the format of a file that is called safetensors', async () => {
    const file = written(Buffer.alloc(64, 0xff), 'a.safetensors')
    await expect(readAll(file)).rejects.toMatchObject({
      kind: expect.stringMatching(/format|limit/),
    })
  })
})

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
    expect(await failureOf(bytesOf(parquet[name]), { parquet: chosen })).toMatchObject({
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
    expect(await failureOf(bytesOf(parquet.empty), options)).toMatchObject({ code: 'EMPTY_INPUT' })
    const ids = { parquet: { vectors: 'tags', ids: 'text' } }
    expect(await failureOf(bytesOf(parquet.cells), ids)).toMatchObject({
      code: 'MALFORMED_PARQUET',
    })
    expect(await failureOf(bytesOf(parquet.cells))).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

describe('openMatrixFile', () => {
  const file = () => written(bytesOf(oracle.arrays['<f4 C'].file))

  it('adds what the caller knows', async () => {
    const { ids } = oracle
    const options = { ids, normalized: true, fingerprint: 'space' }
    expect(await readAll(file(), options)).toMatchObject(options)
  })

  it.each([
    ['ids for other rows', { ids: ['a'] }, 'SHAPE_MISMATCH'],
    ['an id twice', { ids: Array(oracle.rows).fill('a') }, 'DUPLICATE_ID'],
  ])('refuses %s', async (_, options, code) => {
    await expect(readAll(file(), options)).rejects.toMatchObject({ code })
  })

  it('refuses another fingerprint than the file’s own', async () => {
    const error = await failureOf(bytesOf(oracle.own), { fingerprint: 'elsewhere' })
    expect(error).toMatchObject({ code: 'FINGERPRINT_MISMATCH' })
  })

  it('gives all rows in blocks, the last one shorter', async () => {
    const matrix = await openMatrixFile(file(), { ids: oracle.ids })
    const blocks: Matrix[] = []
    for await (const block of matrix.blocks({ rows: 3 })) blocks.push(block)
    expect(blocks.map((block) => block.rows)).toEqual([3, 3, 1])
    expect(blocks.flatMap((block) => block.ids)).toEqual(oracle.ids)
    expect(blocks.flatMap(rowsOf)).toEqual(rowsOf(await matrix.read()))
    await matrix.close()
  })

  it.each([
    { start: -1 },
    { start: 8 },
    { start: 3, count: 5 },
    { count: -1 },
    { start: 0.5 },
    { count: Number.NaN },
  ])('refuses the range %j', async (range) => {
    const matrix = await openMatrixFile(file())
    await expect(matrix.read(range)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await matrix.close()
  })

  it('refuses blocks of no rows', async () => {
    const matrix = await openMatrixFile(file())
    const first = matrix.blocks({ rows: 0 })[Symbol.asyncIterator]().next()
    await expect(first).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await matrix.close()
  })

  it('says so when the file becomes shorter while it is read', async () => {
    const matrix = await openMatrixFile(file())
    truncateSync(matrix.path, 200)
    await expect(matrix.read()).rejects.toMatchObject({
      code: 'FILE_READ_FAILED',
      location: { file: matrix.path, row: 3 },
    })
    await matrix.close()
  })

  it('hashes the file', async () => {
    const matrix = await openMatrixFile(file())
    expect(await matrix.sha256()).toBe(sha256(bytesOf(oracle.arrays['<f4 C'].file)))
    await matrix.close()
  })

  it('says which file is missing', async () => {
    await expect(readAll(path('no.npy'))).rejects.toMatchObject({
      code: 'FILE_MISSING',
      location: { file: path('no.npy') },
    })
  })
})

describe('openMatrixFile on real files', () => {
  const norms = ({ data, rows, columns }: Matrix) =>
    Array.from({ length: rows }, (_, row) => {
      const values = data.subarray(row * columns, (row + 1) * columns)
      return Math.hypot(...values)
    })

  const embeddings = sharedData('preference/laion-embeddings-vit_l_14.npy')
  it.skipIf(embeddings.absent)(`reads embeddings of unit length ${embeddings.note}`, async () => {
    const matrix = await readAll(embeddings.path)
    expect(matrix).toMatchObject({ rows: 10, columns: 768 })
    for (const norm of norms(matrix)) expect(norm).toBeCloseTo(1, 5)
  })

  const head = sharedData('preference/improved-aesthetic-l14.safetensors')
  it.skipIf(head.absent)(`reads a tensor by its name ${head.note}`, async () => {
    const matrix = await readAll(head.path, { tensor: 'layers.0.weight' })
    expect(matrix).toMatchObject({ rows: 1024, columns: 768 })
    expect(matrix.data.every((value) => Number.isFinite(value))).toBe(true)
  })

  const concepts = sharedData('concept-filter/sd-safety-checker-concepts.npy')
  it.skipIf(concepts.absent)(
    `reads the concepts of a safety checker ${concepts.note}`,
    async () => {
      expect(await readAll(concepts.path)).toMatchObject({ rows: 17, columns: 768 })
    },
  )
})

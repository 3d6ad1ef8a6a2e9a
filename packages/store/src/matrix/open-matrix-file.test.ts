import { truncateSync } from 'node:fs'
import type { Matrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../files/sha256.js'
import { bytesOf, matrixFiles, readAll, rowsOf } from '../test-support/matrix-files.test.helper.js'
import { sharedData } from '../test-support/shared-data.test.helper.js'
import oracle from './matrix-file.oracle.json' with { type: 'json' }
import { openMatrixFile } from './open-matrix-file.js'

const { outcomeOf, path, written } = matrixFiles()

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
    const error = await outcomeOf(bytesOf(oracle.own), { fingerprint: 'elsewhere' })
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

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { AssayError, createMatrix, type Matrix } from '@assay/core'
import { parseSafetensors } from '@assay/core/formats'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FaultPlan, failingFileSystem } from '../test-support/failing-file-system.test.helper.js'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { openMatrixFile } from './open-matrix-file.js'
import { writeMatrixFile } from './write-matrix-file.js'

const plan = vi.hoisted(() => ({ current: null as FaultPlan | null }))

vi.mock('node:fs/promises', async (importOriginal) => {
  plan.current = new FaultPlan()
  return failingFileSystem(await importOriginal<typeof import('node:fs/promises')>(), plan.current)
})

const path = temporaryFolder()
afterEach(() => plan.current?.disarm())

async function readBack(file: string): Promise<Matrix> {
  const matrix = await openMatrixFile(file)
  try {
    return await matrix.read()
  } finally {
    await matrix.close()
  }
}

const matrix = createMatrix({
  data: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  ids: ['a', 'ü', '日本'],
  normalized: false,
  fingerprint: 'space',
})

/** Consecutive rows of a matrix, `step` at a time. */
function* blocksOf({ data, rows, columns, ids, ...labels }: Matrix, step: number) {
  for (let start = 0; start < rows; start += step) {
    const end = Math.min(start + step, rows)
    const part = data.slice(start * columns, end * columns)
    yield createMatrix({ data: part, columns, ids: ids?.slice(start, end) ?? null, ...labels })
  }
}

const matrices = fc
  .record({
    rows: fc.integer({ min: 1, max: 20 }),
    columns: fc.integer({ min: 1, max: 9 }),
    normalized: fc.boolean(),
    fingerprint: fc.option(fc.string({ unit: 'grapheme' })),
    hasIds: fc.boolean(),
  })
  .chain(({ rows, columns, hasIds, ...labels }) =>
    fc.record({
      data: fc.float32Array({ minLength: rows * columns, maxLength: rows * columns }),
      ids: hasIds
        ? fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: rows, maxLength: rows })
        : fc.constant(null),
      columns: fc.constant(columns),
      ...Object.fromEntries(Object.entries(labels).map(([key, it]) => [key, fc.constant(it)])),
    }),
  )
  .map((options) => createMatrix(options))

describe('writeMatrixFile', () => {
  it('brings back any matrix, written whole or in blocks, to the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(matrices, fc.integer({ min: 1, max: 7 }), async (any, step) => {
        await writeMatrixFile(path('whole'), any, { sync: false })
        await writeMatrixFile(path('blocks'), blocksOf(any, step), { sync: false })
        expect(await readBack(path('whole'))).toEqual(any)
        expect(readFileSync(path('blocks'))).toEqual(readFileSync(path('whole')))
      }),
      { seed: 9, numRuns: 300 },
    )
  })

  it('writes safetensors that any reader of the format understands', async () => {
    await writeMatrixFile(path('m'), matrix, { metadata: { encoder: 'assay/tiny-clip' } })
    const { tensors, metadata } = parseSafetensors(readFileSync(path('m')))
    expect(Object.fromEntries(metadata)).toEqual({
      format: 'assay.matrix',
      version: '1',
      normalized: 'false',
      fingerprint: 'space',
      encoder: 'assay/tiny-clip',
    })
    expect(tensors.get('vectors')).toEqual({ type: 'float32', dims: [3, 2], data: matrix.data })
    expect(tensors.get('id_offsets')?.data).toEqual(Int32Array.of(0, 1, 3, 9))
    expect(Buffer.from(tensors.get('ids')?.data as Uint8Array).toString()).toBe('aü日本')
  })

  it('says where its rows stand, aligned, for those who read them on their own', async () => {
    await writeMatrixFile(path('m'), matrix)
    const { region } = await openMatrixFile(path('m'))
    const { offset = 1, bytes = 0 } = region ?? {}
    expect(offset % 64).toBe(0)
    const rows = readFileSync(path('m')).subarray(offset, offset + bytes)
    expect(new Float32Array(new Uint8Array(rows).buffer)).toEqual(matrix.data)
  })

  it('takes blocks as they come and holds none of them', async () => {
    let written = 0
    async function* blocks() {
      for (let block = 0; block < 200; block++) {
        yield createMatrix({ data: new Float32Array(1024).fill(block), columns: 256 })
        written++
      }
    }
    await writeMatrixFile(path('m'), blocks(), { sync: false })
    expect(written).toBe(200)
    const file = await openMatrixFile(path('m'))
    expect(file.rows).toBe(800)
    expect((await file.read({ start: 796, count: 1 })).data[0]).toBe(199)
    await file.close()
  })

  it('writes a matrix without rows, but not without a block', async () => {
    const empty = createMatrix({ data: new Float32Array(0), columns: 3 })
    await writeMatrixFile(path('m'), empty)
    expect(await readBack(path('m'))).toEqual(empty)
    await expect(writeMatrixFile(path('none'), [])).rejects.toMatchObject({ code: 'EMPTY_INPUT' })
    expect(existsSync(path('none'))).toBe(false)
  })

  it.each([
    ['another width', { data: [[1]], ids: ['b'] }, 'SHAPE_MISMATCH'],
    ['no ids', { data: [[1, 2]] }, 'INVALID_ARGUMENT'],
    ['an id of another block', { data: [[1, 2]], ids: ['a'] }, 'DUPLICATE_ID'],
    ['an id that is no text', { data: [[1, 2]], ids: ['\ud800'] }, 'INVALID_ARGUMENT'],
    ['another normalisation', { data: [[1, 2]], ids: ['b'], normalized: true }, 'INVALID_ARGUMENT'],
    ['no fingerprint', { data: [[1, 2]], ids: ['b'], fingerprint: null }, 'INVALID_ARGUMENT'],
    [
      'another fingerprint',
      { data: [[1, 2]], ids: ['b'], fingerprint: 'x' },
      'FINGERPRINT_MISMATCH',
    ],
  ])('refuses a block with %s and leaves no file', async (_, second, code) => {
    const blocks = [matrix, createMatrix({ fingerprint: 'space', ...second })]
    await expect(writeMatrixFile(path('m'), blocks)).rejects.toMatchObject({ code })
    expect(readdirSync(path())).toEqual([])
  })

  it.each(['format', 'normalized', 'fingerprint', '__proto__'])(
    'keeps the metadata key %s to itself',
    async (key) => {
      const metadata = JSON.parse(`{"${key}":"mine"}`)
      await expect(writeMatrixFile(path('m'), matrix, { metadata })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
    },
  )

  it('is whole or not at all whichever call fails, and leaves nothing behind', async () => {
    for (let nth = 1, failed: string | null = ''; failed !== null; nth++) {
      writeFileSync(path('m'), 'old')
      plan.current?.arm(nth, 'ENOSPC')
      const error = await writeMatrixFile(path('m'), matrix).catch((thrown: unknown) => thrown)
      failed = plan.current?.failed ?? null
      plan.current?.disarm()
      expect(readdirSync(path())).toEqual(['m'])
      if (failed === null) break
      expect(AssayError.isInstance(error) && error.code, failed).toBe('FILE_WRITE_FAILED')
      const isOld = readFileSync(path('m'), 'latin1') === 'old'
      if (!isOld) expect(await readBack(path('m'))).toEqual(matrix)
    }
    expect(await readBack(path('m'))).toEqual(matrix)
  })
})

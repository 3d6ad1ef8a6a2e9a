import { createMatrix } from '@assay/core'
import { writeNpy } from '@assay/core/formats'
import { writeMatrixFile } from '@assay/store'
import { describe, expect, it } from 'vitest'
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
const { rows, columns, raw, names } = oracle

const npy = (...values: readonly (readonly number[])[]): Uint8Array =>
  writeNpy({
    type: 'float32',
    dims: [values.length, values[0]?.length ?? 0],
    data: Float32Array.from(values.flat()),
  })

describe('openFeatures on a file', () => {
  it.each(Object.entries(oracle.npy))('reads numpy’s %s', async (_, file) => {
    expect(await outcomeOf(written('a.npy', bytesOf(file)))).toMatchObject({
      source: { rows, columns, ids: null, normalized: false, fingerprint: null, mirrored: false },
      values: raw,
    })
  })

  it('gives the same rows whatever the size of the blocks', async () => {
    const source = await openFeatures(written('a.npy', bytesOf(oracle.npy['f2 F'])))
    for (const step of [1, 3, 7, 100]) {
      const blocks = await blocksOf(source, step)
      expect(valuesOf(blocks)).toEqual(raw)
      expect(blocks.map(({ firstRow }) => firstRow)).toEqual(blocks.map((_, at) => at * step))
    }
    await source.close()
  })

  it('reads numbers without a header where their shape is given, and asks for it else', async () => {
    const file = written('features.npy', bytesOf(oracle.headerless))
    expect(await outcomeOf(file, { raw: { columns } })).toMatchObject({ values: raw })
    expect(await outcomeOf(file)).toMatchObject({
      code: 'MALFORMED_MATRIX_FILE',
      remedy: expect.stringContaining('shape'),
    })
  })

  it('reads lists of a parquet file, with their ids', async () => {
    const file = written('a.parquet', bytesOf(oracle.parquet))
    const parquet = { vectors: 'embedding', ids: 'key' }
    expect(await outcomeOf(file, { parquet })).toMatchObject({
      source: { ids: names },
      values: raw,
    })
    expect(await outcomeOf(file)).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('keeps what a matrix file says of its rows', async () => {
    const data = Float32Array.from(raw)
    const matrix = createMatrix({ data, columns, ids: names, fingerprint: 'clip' })
    await writeMatrixFile(path('a.safetensors'), matrix, { metadata: { encoder: 'x' } })
    const source = await openFeatures(path('a.safetensors'))
    expect(source).toMatchObject({ ids: names, fingerprint: 'clip', normalized: false })
    expect(source.metadata.get('encoder')).toBe('x')
    expect((await blocksOf(source, 3))[2]?.matrix).toMatchObject({ ids: names.slice(6), rows: 1 })
    await source.close()
    const other = await outcomeOf(path('a.safetensors'), { fingerprint: 'dino' })
    expect(other).toMatchObject({ code: 'FINGERPRINT_MISMATCH' })
    const contradicted = await outcomeOf(path('a.safetensors'), { normalized: true })
    expect(contradicted).toMatchObject({ code: 'NORMALIZATION_MISMATCH' })
  })

  it('sees by the rows whether they are normalised, where nobody says so', async () => {
    const unit = written('unit.npy', npy([0.6, 0.8], [0, 0], [1, 0]))
    expect(await outcomeOf(unit)).toMatchObject({ source: { normalized: true } })
    expect(await outcomeOf(unit, { normalized: false })).toMatchObject({
      source: { normalized: false },
    })
    const called = createMatrix({ data: [[0.6, 0.8]], normalized: false })
    await writeMatrixFile(path('called-raw.safetensors'), called)
    expect(await outcomeOf(path('called-raw.safetensors'))).toMatchObject({
      source: { normalized: true },
    })
    const zeros = written('zeros.npy', npy([0, 0]))
    expect(await outcomeOf(zeros)).toMatchObject({ source: { normalized: false } })
  })

  it('finds the row that is raw among normalised ones, and the one that is not finite', async () => {
    const ids = ['a', 'b', 'c']
    const labels = written('ids.jsonl', ids.map((id) => `{"id":"${id}"}`).join('\n'))
    const raw = written('a.npy', npy([1, 0], [0, 1], [3, 4]))
    expect(await outcomeOf(raw, { normalized: true, labels })).toMatchObject({
      code: 'NORMALIZATION_MISMATCH',
      location: { row: 2, id: 'c' },
    })
    const broken = written('b.npy', npy([1, 0], [2, 1], [3, Number.NaN]))
    expect(await outcomeOf(broken, { labels })).toMatchObject({
      code: 'NOT_FINITE',
      location: { row: 2, id: 'c' },
    })
    expect(await outcomeOf(broken)).toMatchObject({ location: { row: 2, id: '2' } })
  })

  it('tells which rows are zero', async () => {
    const source = await openFeatures(written('a.npy', npy([1, 2], [3, 4], [0, 0])))
    expect((await blocksOf(source)).map(({ zeroRows }) => zeroRows)).toEqual([[], [0]])
    await source.close()
  })

  it('reads the mirrored pictures beside their rows, and refuses those of other pictures', async () => {
    const file = written('a.npy', npy([1, 2], [3, 4], [0, 5]))
    const mirrored = written('b.npy', npy([1, 1], [0, 0], [7, 5]))
    const source = await openFeatures(file, { mirrored })
    const blocks = await blocksOf(source)
    expect(source.mirrored).toBe(true)
    expect(blocks.flatMap((block) => [...(block.mirrored?.data ?? [])])).toEqual([1, 1, 0, 0, 7, 5])
    expect(blocks.map(({ zeroRows }) => zeroRows)).toEqual([[1], []])
    await source.close()
    const fewer = written('c.npy', npy([1, 1], [0, 0]))
    expect(await outcomeOf(file, { mirrored: fewer })).toMatchObject({ code: 'SHAPE_MISMATCH' })
    const unit = written('d.npy', npy([1, 0], [0, 1], [1, 0]))
    expect(await outcomeOf(file, { mirrored: unit })).toMatchObject({
      code: 'NORMALIZATION_MISMATCH',
    })
  })

  it.each([
    ['npy', 'a.npy', oracle.npy['f8 C'], {}],
    ['parquet', 'a.parquet', oracle.parquet, { parquet: { vectors: 'embedding', ids: 'key' } }],
    ['raw numbers', 'a.bin', oracle.headerless, { raw: { columns, rows } }],
  ])('finds a cut anywhere in %s', async (_, name, content, options) => {
    const bytes = bytesOf(content)
    const step = Math.ceil(bytes.length / 15)
    for (let cut = bytes.length - 1; cut >= 0; cut -= step) {
      const outcome = await outcomeOf(written(name, bytes.subarray(0, cut)), options)
      expect(outcome).toMatchObject({
        code: expect.stringMatching(/^MALFORMED_|UNSUPPORTED_FORMAT/),
      })
    }
  })

  it('refuses a folder that is neither, a missing file, and a file without rows', async () => {
    expect(await outcomeOf(path())).toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
    expect(await outcomeOf(path('none.npy'))).toMatchObject({ code: 'FILE_MISSING' })
    const empty = writeNpy({ type: 'float32', dims: [0, 3], data: new Float32Array(0) })
    expect(await outcomeOf(written('a.npy', empty))).toMatchObject({ code: 'EMPTY_INPUT' })
  })
})

import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  openSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { writeNpyHeader } from '@assay/core/formats'
import { describe, expect, it } from 'vitest'
import { blocksOf, temporaryFiles, valuesOf } from '../features/feature-files.test.helper.js'
import oracle from './gradient-files.oracle.json' with { type: 'json' }
import { writeForeignFiles } from './gradient-files.test.helper.js'
import { type OpenGradientsOptions, openGradients } from './open-gradients.js'

const { path, written } = temporaryFiles()

/** What opening and reading gradients ends with. */
async function outcomeOf(paths: string | string[], options?: OpenGradientsOptions) {
  const file = await openGradients(paths, options)
  try {
    return { ...file, values: valuesOf(await blocksOf(file, 5)) }
  } finally {
    await file.close()
  }
}
const failureOf = (paths: string | string[], options?: OpenGradientsOptions) =>
  outcomeOf(paths, options).catch((error: unknown) => error)

const shards = [0, 1, 2].map((at) => `shards/ddpm-train-keys-${at}-mean-10-6-uniform.npy`)
const raw = { columns: 6, type: 'float32' } as const

describe('openGradients', () => {
  it('reads npy files whatever they are called', async () => {
    writeForeignFiles(written, 'trak/0')
    const file = await outcomeOf(path('trak/0/grads.mmap'))
    expect(file).toMatchObject({ rows: 12, columns: 5, ids: null, normalized: false })
  })

  it('joins headerless shards that are called npy, once their shape is told', async () => {
    writeForeignFiles(written, 'shards')
    const paths = shards.map((name) => path(name))
    const all = oracle.shards.flat().map(Math.fround)
    expect(await outcomeOf(paths, { raw })).toMatchObject({ rows: 12, columns: 6, values: all })
    const exact = { raw: { ...raw, rows: 4 }, ids: oracle.shards.map((_, row) => `p${row}`) }
    expect(await outcomeOf(paths, exact)).toMatchObject({ ids: exact.ids, values: all })
    const [first = ''] = paths
    expect(await outcomeOf(first, { raw })).toMatchObject({ rows: 4, values: all.slice(0, 24) })
  })

  it('asks for the shape of a file without a header', async () => {
    writeForeignFiles(written, 'shards')
    expect(await failureOf(path(shards[0] ?? ''))).toMatchObject({
      code: 'MALFORMED_MATRIX_FILE',
      remedy: expect.stringContaining('shape'),
    })
    expect(await failureOf(shards.map((name) => path(name)))).toMatchObject({
      code: 'MALFORMED_MATRIX_FILE',
    })
  })

  it('refuses a shape that does not fill the file, and one for a file that says its own', async () => {
    writeForeignFiles(written)
    const shard = path(shards[0] ?? '')
    for (const layout of [{ columns: 5 }, { columns: 6, rows: 5 }, { columns: 6, rows: 3 }]) {
      const failure = await failureOf(shard, { raw: layout })
      expect(failure).toMatchObject({ code: 'MALFORMED_MATRIX_FILE' })
    }
    expect(await failureOf(path('trak/0/grads.mmap'), { raw })).toMatchObject({
      code: 'MALFORMED_MATRIX_FILE',
    })
  })

  it('reads a gradient store of bergson, all modules one after the other', async () => {
    writeForeignFiles(written, 'bergson')
    const file = await outcomeOf(path('bergson'))
    expect(file).toMatchObject({ rows: 5, columns: 7, values: oracle.bergson.flat() })
  })

  it.each([
    [{ num_grads: 6 }, 'MALFORMED_MATRIX_FILE'],
    [{ num_grads: 'many' }, 'MALFORMED_METADATA'],
    [{ grad_sizes: {} }, 'MALFORMED_METADATA'],
    [{ grad_sizes: { a: -1 } }, 'MALFORMED_METADATA'],
    [{ base_dtype: '<i4' }, 'MALFORMED_METADATA'],
    [{ attribute_tokens: true }, 'UNSUPPORTED_FORMAT'],
  ])('refuses a store of bergson with %j', async (change, code) => {
    writeForeignFiles(written, 'bergson')
    const information = { num_grads: 5, grad_sizes: { a: 3, b: 4 }, base_dtype: '<f2', ...change }
    written('bergson/info.json', JSON.stringify(information))
    expect(await failureOf(path('bergson'))).toMatchObject({ code })
  })

  it('reads JSONL and CSV, whatever they are called', async () => {
    const lines = written('a.npy', '{"id":"x","vector":[1,2.5]}\n{"id":"y","vector":[-3e-2,4]}\n')
    expect(await outcomeOf(lines)).toMatchObject({
      ids: ['x', 'y'],
      columns: 2,
      values: [1, 2.5, -0.03, 4].map(Math.fround),
    })
    const table = written('b.bin', 'id,g0,g1\nx,1,2.5\ny,-3e-2,4\n')
    expect(await outcomeOf(table)).toMatchObject({
      ids: ['x', 'y'],
      values: [1, 2.5, -0.03, 4].map(Math.fround),
    })
    const other = written('c', '{"grad":[7],"name":"z"}')
    const fields = { vectorField: 'grad', idField: 'name' }
    expect(await outcomeOf(other, fields)).toMatchObject({ ids: ['z'], values: [7] })
    const bare = written('d', '0,1\n5,6\n7,8\n')
    expect(await outcomeOf(bare)).toMatchObject({ ids: null, rows: 2, values: [5, 6, 7, 8] })
  })

  it.each([
    ['{"vector":[1,2]}\n{"vector":[1]}', 'MALFORMED_METADATA', 2],
    ['{"vector":[1,null]}', 'MALFORMED_METADATA', 1],
    ['{"vector":[]}', 'MALFORMED_METADATA', 1],
    ['{"other":[1]}', 'MALFORMED_METADATA', 1],
    ['{"vector":[1', 'MALFORMED_METADATA', 1],
    ['a,b\n1,x', 'MALFORMED_METADATA', 2],
    ['a,b\n1,', 'MALFORMED_METADATA', 2],
  ])('refuses the text %j with its line', async (content, code, row) => {
    expect(await failureOf(written('a', content))).toMatchObject({ code, location: { row } })
  })

  it('refuses text without rows, ids twice, no file and a missing file', async () => {
    expect(await failureOf(written('a', 'a,b\n'))).toMatchObject({ code: 'EMPTY_INPUT' })
    const twice = written('b', '{"id":"x","vector":[1]}\n{"id":"x","vector":[2]}')
    expect(await failureOf(twice)).toMatchObject({ code: 'DUPLICATE_ID' })
    const some = written('c', '{"id":"x","vector":[1]}\n{"vector":[2]}')
    expect(await failureOf(some)).toMatchObject({ code: 'SHAPE_MISMATCH' })
    expect(await failureOf([])).toMatchObject({ code: 'EMPTY_INPUT' })
    expect(await failureOf(path('none'))).toMatchObject({ code: 'FILE_MISSING' })
    writeForeignFiles(written, 'shards')
    const ids = ['a', 'b']
    expect(await failureOf(path(shards[0] ?? ''), { raw, ids })).toMatchObject({
      code: 'SHAPE_MISMATCH',
    })
  })

  it('names the row that is not finite', async () => {
    const bytes = Buffer.from(Float32Array.of(1, 2, Number.NaN, 4).buffer)
    const options = { raw: { columns: 2 }, ids: ['a', 'b'] }
    expect(await failureOf(written('a', bytes), options)).toMatchObject({
      code: 'NOT_FINITE',
      location: { row: 1, id: 'b' },
    })
  })

  it('opens files beyond 2 GiB, and reads what lies there', async () => {
    const [rows, columns] = [600_000, 1024]
    const header = writeNpyHeader({ type: 'float32', shape: [rows, columns] })
    const handle = openSync(path('big.mmap'), 'w')
    ftruncateSync(handle, header.length + rows * columns * 4)
    writeSync(handle, header, 0, header.length, 0)
    const place = header.length + (rows - 2) * columns * 4
    closeSync(handle)
    const file = await openGradients(path('big.mmap'))
    expect(file).toMatchObject({ rows, columns })
    await file.close()
    written('bare.npy', '')
    truncateSync(path('bare.npy'), place)
    appendFileSync(path('bare.npy'), Buffer.from(Float32Array.of(7, 8, 9, 10).buffer))
    const end = await outcomeOf(path('bare.npy'), { raw: { columns: 2, offset: place } })
    expect(end).toMatchObject({ rows: 2, values: [7, 8, 9, 10] })
  })
})

import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMatrix, type Matrix, type VectorMetric } from '@assay/core'
import { bruteForceIndex, indexConformance } from '@assay/core/testing'
import { openMatrixFile, writeMatrixFile } from '@assay/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateVectors } from '../exact/__fixtures__/generate-vectors.js'
import { createUsearchIndex } from './create-usearch-index.js'
import { openUsearchIndex } from './open-usearch-index.js'

const failsWith = (code: string, fields: object = {}) =>
  expect.objectContaining({ code, ...fields })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-usearch-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a usearch index is a vector index', () => {
  const createIndex = (vectors: Matrix, metric: VectorMetric) =>
    createUsearchIndex({ vectors, metric, threads: 1 })
  for (const { name, run } of indexConformance({ createIndex, tolerance: 0 })) it(name, run)
})

describe('createUsearchIndex', () => {
  const vectors = generateVectors('normal', { rows: 3000, columns: 16, seed: 1 })
  const queries = generateVectors('normal', { rows: 40, columns: 16, seed: 2 })

  it.each(['f32', 'f16', 'bf16', 'i8'] as const)(
    'finds most neighbours with vectors in %s, and says how many',
    async (quantization) => {
      const measureRecall = { queries, k: 10 }
      const options = {
        vectors,
        metric: 'cosine',
        quantization,
        measureRecall,
        threads: 1,
      } as const
      const index = await createUsearchIndex(options)
      expect(index).toMatchObject({ exact: false, size: 3000, dimensions: 16, metric: 'cosine' })
      expect(index.recall).toMatchObject({ id: 'recall@10', n: 400, missing: 0 })
      expect(index.recall.value).toBeGreaterThan(0.9)
      expect(index.recall.interval?.low).toBeLessThan(index.recall.value ?? 0)
      expect(index.id).toMatch(
        new RegExp(`^usearch ${quantization}, recall@10 \\d\\.\\d{3} \\(95 %: `),
      )
      // Scores are those of the vectors, not of what the graph holds.
      const [found] = await index.nearest(queries, { k: 3 })
      const [all] = await bruteForceIndex(vectors, 'cosine').nearest(queries, { k: 3000 })
      for (const { row, score } of found ?? []) {
        expect(score).toBe(all?.find((neighbour) => neighbour.row === row)?.score)
      }
      await index.close()
    },
  )

  it('measures its recall against an exact index that it is given', async () => {
    const exact = bruteForceIndex(vectors, 'euclidean')
    const options = { vectors, metric: 'euclidean', threads: 1 } as const
    const given = await createUsearchIndex({ ...options, measureRecall: { queries, k: 5, exact } })
    const own = await createUsearchIndex({ ...options, measureRecall: { queries, k: 5 } })
    expect(given.recall).toEqual(own.recall)
    await Promise.all([given.close(), own.close()])
  })

  it('says that its recall was not measured', async () => {
    const index = await createUsearchIndex({ vectors, metric: 'cosine', threads: 1 })
    expect(index.recall).toMatchObject({
      value: null,
      reason: expect.stringContaining('not measured'),
    })
    expect(index.id).toBe('usearch f32, recall not measured')
    await index.close()
  })

  it('reads vectors where they lie in a file, and tells of its progress', async () => {
    const path = join(folder, 'vectors.safetensors')
    const large = generateVectors('normal', { rows: 5000, columns: 4, seed: 5 })
    await writeMatrixFile(path, large)
    const file = await openMatrixFile(path)
    const told: (number | null)[] = []
    const options = { metric: 'euclidean', threads: 1 } as const
    const progress = ({ done, total }: { done: number; total: number | null }) =>
      void told.push(done, total)
    const onDisk = await createUsearchIndex({ ...options, vectors: file, progress })
    const inMemory = await createUsearchIndex({ ...options, vectors: large })
    expect(told).toEqual([4096, 5000, 5000, 5000])
    const asked = createMatrix({ data: large.data.slice(0, 40), columns: 4 })
    expect(await onDisk.nearest(asked, { k: 4 })).toEqual(await inMemory.nearest(asked, { k: 4 }))
    const search = { radius: 0.5 }
    expect(await onDisk.within(asked, search)).toEqual(await inMemory.within(asked, search))
    await Promise.all([onDisk.close(), inMemory.close(), file.close()])
  })

  it('loads a file that does not hold float32', async () => {
    const path = join(folder, 'double.bin')
    await writeFile(path, new Uint8Array(Float64Array.from([1, 0, 0, 1, 1, 1]).buffer))
    const file = await openMatrixFile(path, { raw: { columns: 2, type: 'float64' } })
    const index = await createUsearchIndex({ vectors: file, metric: 'inner-product' })
    const [found] = await index.nearest(createMatrix({ data: [[0, 2]] }), { k: 2 })
    expect(found?.map(({ row }) => row)).toEqual([1, 2])
    await Promise.all([index.close(), file.close()])
  })

  it('names a row that cannot be searched', async () => {
    const data = [
      [1, 1],
      [0, 0],
      [1, Number.NaN],
    ]
    const ids = ['one', 'nil', 'broken']
    const zero = createUsearchIndex({ vectors: createMatrix({ data, ids }), metric: 'cosine' })
    await expect(zero).rejects.toThrowError(
      failsWith('ZERO_VECTOR', { location: { row: 1, id: 'nil' } }),
    )
    const broken = createUsearchIndex({ vectors: createMatrix({ data, ids }), metric: 'euclidean' })
    await expect(broken).rejects.toThrowError(
      failsWith('NOT_FINITE', { location: { row: 2, id: 'broken' } }),
    )
  })

  it.each([
    { connectivity: 1 },
    { expansionAdd: 0 },
    { expansionSearch: 2.5 },
    { quantization: 'b1' as 'f32' },
    { quantization: 'i8', metric: 'euclidean' },
    { threads: 0 },
    { oversampling: 0.5 },
    { oversampling: Infinity },
  ] as const)('refuses settings that cannot be: %o', async (settings) => {
    await expect(
      createUsearchIndex({ vectors, metric: 'cosine', ...settings }),
    ).rejects.toThrowError(failsWith('INVALID_ARGUMENT'))
  })

  it('stops when its caller does, while it is made and in a search', async () => {
    const abort = new AbortController()
    const { signal } = abort
    const making = createUsearchIndex({
      vectors,
      metric: 'cosine',
      signal,
      progress: () => abort.abort(),
    })
    await expect(making).rejects.toThrowError(failsWith('ABORTED'))
    const index = await createUsearchIndex({ vectors, metric: 'cosine' })
    const searching = new AbortController()
    const search = index.nearest(vectors, { k: 2000, signal: searching.signal })
    setTimeout(() => searching.abort(), 20)
    await expect(search).rejects.toThrowError(failsWith('ABORTED'))
    expect(await index.nearest(queries, { k: 1 })).toHaveLength(40)
    await index.close()
  })

  it('rejects a search that is under way when it is closed', async () => {
    const index = await createUsearchIndex({ vectors, metric: 'cosine' })
    const search = index.nearest(vectors, { k: 2000 })
    setTimeout(() => void index.close(), 20)
    await expect(search).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
  })
})

describe('a saved usearch index', () => {
  const vectors: Matrix = {
    ...generateVectors('normal', { rows: 2000, columns: 8, seed: 7 }),
    fingerprint: 'clip',
  }
  const queries = generateVectors('normal', { rows: 20, columns: 8, seed: 8 })
  const metric = 'euclidean'
  // Several threads would make another graph each time.
  const options = { vectors, metric, threads: 1, measureRecall: { queries, k: 10 } } as const
  let path: string
  beforeAll(async () => {
    path = join(folder, 'saved.usearch')
    const index = await createUsearchIndex(options)
    await index.save(path)
    await index.close()
  })

  it.each([false, true])(
    'finds the same when opened again (mapped: %s), with its recall',
    async (map) => {
      const made = await createUsearchIndex(options)
      const index = await openUsearchIndex({ path, vectors, metric, map })
      expect(await index.nearest(queries, { k: 10 })).toEqual(
        await made.nearest(queries, { k: 10 }),
      )
      expect(index.recall).toEqual(made.recall)
      expect(index.id).toBe(made.id)
      await Promise.all([made.close(), index.close()])
    },
  )

  it('is not opened with other vectors or another metric', async () => {
    const other = { ...vectors, data: vectors.data.map((value) => value + 1) }
    const cases: [object, string][] = [
      [{ vectors: { ...vectors, fingerprint: 'dino' } }, 'FINGERPRINT_MISMATCH'],
      [{ vectors: other }, 'FINGERPRINT_MISMATCH'],
      [
        { vectors: generateVectors('normal', { rows: 9, columns: 8, seed: 7 }) },
        'FINGERPRINT_MISMATCH',
      ],
      [
        { vectors: { ...vectors, rows: 1999, ids: null, data: vectors.data.slice(8) } },
        'SHAPE_MISMATCH',
      ],
      [{ metric: 'cosine' }, 'INVALID_ARGUMENT'],
      [{ path: join(folder, 'nowhere') }, 'FILE_MISSING'],
    ]
    for (const [change, code] of cases) {
      const opening = openUsearchIndex({ path, vectors, metric, ...change })
      await expect(opening).rejects.toThrowError(failsWith(code))
    }
  })

  it('is not opened where its files are damaged', async () => {
    const damaged = join(folder, 'damaged.usearch')
    const description = await readFile(`${path}.json`, 'utf8')
    await writeFile(`${damaged}.json`, description)
    const opening = () => openUsearchIndex({ path: damaged, vectors, metric })
    await expect(opening()).rejects.toThrowError(failsWith('FILE_MISSING'))
    const bytes = await readFile(path)
    await writeFile(damaged, bytes)
    await truncate(damaged, bytes.length - 1)
    await expect(opening()).rejects.toThrowError(failsWith('FILE_READ_FAILED'))
    await writeFile(damaged, bytes.fill(0xff))
    await expect(opening()).rejects.toThrowError(failsWith('ENGINE_FAILED'))
    await writeFile(`${damaged}.json`, '{"format":"something else"}')
    await expect(opening()).rejects.toThrowError(failsWith('UNSUPPORTED_FORMAT'))
  })

  it('says where it cannot be written', async () => {
    const index = await createUsearchIndex({ vectors, metric })
    const saving = index.save(join(folder, 'no', 'folder'))
    await expect(saving).rejects.toThrowError(expect.objectContaining({ kind: expect.any(String) }))
    await index.close()
    await expect(index.save(path)).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
  })
})

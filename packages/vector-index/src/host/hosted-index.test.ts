import type { Matrix, VectorMetric } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { bruteForce } from '../exact/__fixtures__/brute-force.js'
import { generateVectors } from '../exact/__fixtures__/generate-vectors.js'
import { HostedIndex } from './hosted-index.js'
import type { NearestLibrary } from './nearest-library.js'
import { memoryRows } from './row-store.js'

const metrics: readonly VectorMetric[] = ['inner-product', 'cosine', 'euclidean']
const { signal } = new AbortController()

/** A library that knows the truth, changed by `names`; it remembers how many it was asked for. */
function trueLibrary(
  vectors: Matrix,
  metric: VectorMetric,
  names: (rows: number[], count: number) => number[] = (rows, count) => rows.slice(0, count),
) {
  const counts: number[] = []
  const library: NearestLibrary = {
    train() {},
    add() {},
    save() {},
    restore() {},
    search(values, count) {
      counts.push(count)
      const queries = { ...vectors, data: values, rows: values.length / vectors.columns, ids: null }
      return bruteForce(vectors, queries, metric).map((all) =>
        Uint32Array.from(
          names(
            all.map(({ row }) => row),
            count,
          ),
        ),
      )
    },
  }
  return { library, counts }
}

function hosted(library: NearestLibrary, vectors: Matrix, metric: VectorMetric) {
  const { data, rows, columns, ids } = vectors
  const settings = { name: 'faiss', factory: 'Flat', trainingRows: 0 } as const
  const argument = { metric, rows, columns, ids, file: null, threads: 1, oversampling: 2 }
  return new HostedIndex(library, memoryRows(data, columns), { library: settings, ...argument })
}

const rowsOf = (lists: readonly { rows: Uint32Array }[]) => lists.map(({ rows }) => [...rows])

describe.each(metrics)('HostedIndex by %s', (metric) => {
  const vectors = generateVectors('lattice', { rows: 800, columns: 6, seed: 1 })
  const queries = generateVectors('lattice', { rows: 70, columns: 6, seed: 2 })
  const truth = bruteForce(vectors, queries, metric)
  const nearest = truth.map((all) => all.slice(0, 7).map(({ row }) => row))
  const inside = (radius: number) =>
    truth.map((all) =>
      all
        .filter(({ score }) => (metric === 'euclidean' ? score <= radius : score >= radius))
        .map(({ row }) => row),
    )

  it('orders candidates by exact score and id, whatever order they came in', async () => {
    const jumbled = (rows: number[]) => rows.slice(0, 150).reverse()
    const index = hosted(trueLibrary(vectors, metric, jumbled).library, vectors, metric)
    const argument = { queries: queries.data, k: 7, exactly: false }
    const results = await index.nearest(argument, signal)
    expect(rowsOf(results)).toEqual(nearest)
    results.forEach(({ scores }, query) => {
      expect([...scores]).toEqual(truth[query]?.slice(0, 7).map(({ score }) => score))
    })
  })

  it('compares all rows where the library names too few, or names one twice', async () => {
    const few = hosted(
      trueLibrary(vectors, metric, (rows) => rows.slice(90, 96)).library,
      vectors,
      metric,
    )
    const twice = hosted(
      trueLibrary(vectors, metric, (rows) => Array(14).fill(rows[9])).library,
      vectors,
      metric,
    )
    for (const index of [few, twice]) {
      const argument = { queries: queries.data, k: 7, exactly: false }
      expect(rowsOf(await index.nearest(argument, signal))).toEqual(nearest)
    }
  })

  it('misses what the library misses, but not when it is to compare all', async () => {
    const worse = hosted(
      trueLibrary(vectors, metric, (rows) => rows.slice(100, 120)).library,
      vectors,
      metric,
    )
    const argument = { queries: queries.data, k: 7 }
    const missed = await worse.nearest({ ...argument, exactly: false }, signal)
    expect(rowsOf(missed)).not.toEqual(nearest)
    expect(rowsOf(await worse.nearest({ ...argument, exactly: true }, signal))).toEqual(nearest)
  })

  it('asks for more candidates until half of them lie outside of the radius', async () => {
    const one = { ...queries, data: queries.data.slice(0, 6), rows: 1 }
    for (const [place, calls] of [
      [3, [64]],
      [100, [64]],
      [400, [64]],
    ] as const) {
      const radius = truth[0]?.[place]?.score ?? 0
      const { library, counts } = trueLibrary(vectors, metric)
      const found = await hosted(library, vectors, metric).within(
        { queries: one.data, radii: Float64Array.of(radius) },
        signal,
      )
      expect(rowsOf(found)).toEqual([inside(radius)[0]])
      // 256 candidates would be more than a quarter of all rows: these are then compared.
      expect(counts).toEqual(calls)
    }
    const large = generateVectors('normal', { rows: 3000, columns: 6, seed: 3 })
    const [all] = bruteForce(large, one, metric)
    const { library, counts } = trueLibrary(large, metric)
    const radius = all?.[100]?.score ?? 0
    const [found] = await hosted(library, large, metric).within(
      { queries: one.data, radii: Float64Array.of(radius) },
      signal,
    )
    expect([...(found?.rows ?? [])]).toEqual(all?.slice(0, 101).map(({ row }) => row))
    expect(counts).toEqual([64, 256])
  })

  it('compares all rows for a radius where the library can name no more', async () => {
    const cell = hosted(
      trueLibrary(vectors, metric, (rows) => rows.slice(0, 20)).library,
      vectors,
      metric,
    )
    const radius = truth[0]?.[30]?.score ?? 0
    const found = await cell.within(
      { queries: queries.data, radii: new Float64Array(queries.rows).fill(radius) },
      signal,
    )
    expect(rowsOf(found)).toEqual(inside(radius))
  })

  it('stops when it is told to', async () => {
    const index = hosted(trueLibrary(vectors, metric).library, vectors, metric)
    const argument = { queries: queries.data, k: 7, exactly: false }
    await expect(index.nearest(argument, AbortSignal.abort())).rejects.toThrowError(
      expect.objectContaining({ name: 'AbortError' }),
    )
  })
})

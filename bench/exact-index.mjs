/**
 * The exact index against a bare Gemm + TopK session on the same data, and against usearch's exact
 * search; interleaved in one process, compared by medians of ratios. Then the memory that it takes, in
 * a process of its own.
 *
 *   node exact-index.mjs [--rows 1000000] [--columns 128] [--queries 64] [--k 10] [--rounds 11]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createMatrix, createRandom } from '@assay/core'
import { writeMatrixFile } from '@assay/store'
import { createEngine } from '@assay/tensor'
import { createGraph, gemm, topK } from '@assay/tensor/graph'
import { createExactIndex } from '@assay/vector-index'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { exactSearch, MetricKind } from 'usearch'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    columns: { type: 'string', default: '128' },
    queries: { type: 'string', default: '64' },
    k: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '11' },
    threads: { type: 'string', default: '2' },
  },
})
const [rows, columns, queryCount, k, rounds, threads] = [
  flags.rows,
  flags.columns,
  flags.queries,
  flags.k,
  flags.rounds,
  flags.threads,
].map(Number)

/** Unit vectors in 1,000 clusters, as embeddings of pictures lie. */
function clusteredVectors(count, uniform) {
  const centres = Float32Array.from({ length: 1000 * columns }, () => uniform() - 0.5)
  const data = new Float32Array(count * columns)
  for (let row = 0; row < count; row++) {
    const centre = Math.floor(uniform() * 1000) * columns
    let squares = 0
    for (let column = 0; column < columns; column++) {
      const value = centres[centre + column] + 0.8 * (uniform() - 0.5)
      data[row * columns + column] = value
      squares += value * value
    }
    const length = Math.sqrt(squares)
    for (let column = 0; column < columns; column++) data[row * columns + column] /= length
  }
  return data
}

/** Rows of the data, moved a little. */
function nearbyQueries(data, uniform) {
  return Float32Array.from({ length: queryCount * columns }, (_, index) => {
    const row = Math.floor(index / columns) * Math.floor(rows / queryCount)
    return data[row * columns + (index % columns)] + 0.05 * (uniform() - 0.5)
  })
}

/** The runtime alone: scores and the k best of a block, blocks one after the other. No merging. */
async function bareSession(data, queries, blockRows) {
  const graph = createGraph()
  const q = graph.input('queries', 'float32', [queryCount, columns])
  const x = graph.input('vectors', 'float32', ['rows', columns])
  const { values, indices } = topK(gemm(q, x, { transposeB: true }), { k })
  graph.output('values', values)
  graph.output('indices', indices)
  const session = await InferenceSession.create(graph.toBytes(), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  })
  const tensor = new Tensor('float32', queries, [queryCount, columns])
  return async () => {
    const found = []
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start)
      const block = data.subarray(start * columns, (start + count) * columns)
      const vectors = new Tensor('float32', block, [count, columns])
      found.push({ start, ...(await session.run({ queries: tensor, vectors })) })
    }
    return found
  }
}

/** Row numbers that the bare blocks hold for the first query, best first. */
function mergeFirst(found) {
  return found
    .flatMap(({ start, values, indices }) =>
      Array.from({ length: k }, (_, at) => [values.data[at], start + Number(indices.data[at])]),
    )
    .sort(([a], [b]) => b - a)
    .slice(0, k)
    .map(([, row]) => row)
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** Milliseconds of one call, after the threads of whatever ran before have stopped spinning. */
async function time(call) {
  await setTimeout(30)
  const start = performance.now()
  await call()
  return performance.now() - start
}

const { uniform } = createRandom(1)
const data = clusteredVectors(rows, uniform)
const queries = nearbyQueries(data, uniform)
const vectors = createMatrix({ data, columns })
const queryMatrix = createMatrix({ data: queries, columns })

/** Milliseconds of each contender, round by round, in turns; the first round warms up. */
async function race(contenders, roundCount) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round <= roundCount; round++) {
    for (const [name, call] of Object.entries(contenders)) {
      const elapsed = await time(call)
      if (round > 0) times[name].push(elapsed)
    }
  }
  return times
}

/** How many times as fast as the fastest of others, round by round; the median. */
const speedOver = (others, own) =>
  median(own.map((elapsed, round) => Math.min(...others.map((times) => times[round])) / elapsed))

async function measureSpeed() {
  const engine = createEngine({ threads })
  const [product, cosine, euclidean] = [
    await createExactIndex({ vectors, metric: 'inner-product', engine }),
    await createExactIndex({ vectors, metric: 'cosine', engine }),
    await createExactIndex({ vectors, metric: 'euclidean', engine }),
  ]
  const bare = await bareSession(data, queries, 100_000)
  const usearch = () => exactSearch(data, queries, columns, k, MetricKind.IP, threads)
  const [found] = await product.nearest(queryMatrix, { k })
  const rowsFound = found.map(({ row }) => row).join()
  const agreed =
    mergeFirst(await bare()).join() === rowsFound && [...usearch().get(0).keys].join() === rowsFound
  const times = await race(
    {
      'bare Gemm + TopK, blocks of 100,000': bare,
      'bare Gemm + TopK, blocks of 20,000': await bareSession(data, queries, 20_000),
      'index, inner product': () => product.nearest(queryMatrix, { k }),
      'index, cosine': () => cosine.nearest(queryMatrix, { k }),
      'index, euclidean': () => euclidean.nearest(queryMatrix, { k }),
    },
    rounds,
  )
  const slow = await race(
    { 'usearch exact': usearch, index: () => product.nearest(queryMatrix, { k }) },
    Math.min(rounds, 3),
  )
  await engine.close()
  return { times, slow, agreed }
}

/** Growth of resident memory in a fresh process, as a share of the vectors' own size. */
async function measureMemory() {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
  const path = join(folder, 'vectors.safetensors')
  await writeMatrixFile(path, vectors)
  const script = fileURLToPath(new URL('./exact-index-memory.mjs', import.meta.url))
  const measure = (mode) =>
    JSON.parse(execFileSync(process.execPath, [script, path, mode], { encoding: 'utf8' }))
  const results = { loaded: measure('load'), transferred: measure('transfer') }
  rmSync(folder, { recursive: true })
  return results
}

const { times, slow, agreed } = await measureSpeed()
const memory = await measureMemory()
const [large, small] = Object.values(times)
const report = Object.entries({ ...times, 'usearch exact': slow['usearch exact'] }).map(
  ([name, own]) => ({ name, milliseconds: median(own) }),
)
const overBare = Object.fromEntries(
  Object.entries(times)
    .slice(2)
    .map(([name, own]) => [name, speedOver([large, small], own)]),
)
const overUsearch = speedOver([slow['usearch exact']], slow.index)
const targets = {
  'index >= 0.85 x bare session': overBare['index, inner product'] >= 0.85,
  'index >= 3 x usearch exact': overUsearch >= 3,
  'memory growth <= 1.2 x vectors': Object.values(memory).every(({ peak }) => peak <= 1.2),
  'same neighbours from all three': agreed,
}

console.log(`${rows} x ${columns}, ${queryCount} queries, k = ${k}, ${threads} threads`)
for (const { name, milliseconds } of report) {
  console.log(`${name.padEnd(38)}${milliseconds.toFixed(1).padStart(9)} ms`)
}
for (const [name, ratio] of Object.entries(overBare)) {
  console.log(`${name} over the faster bare session: ${ratio.toFixed(2)} x`)
}
console.log(`index over usearch exact: ${overUsearch.toFixed(1)} x`)
for (const [mode, { peak, settled }] of Object.entries(memory)) {
  console.log(`memory, ${mode}: peak ${peak.toFixed(3)} x vectors, settled ${settled.toFixed(3)} x`)
}
for (const [target, met] of Object.entries(targets)) {
  console.log(`${met ? 'met ' : 'MISS'} ${target}`)
}
const settings = { rows, columns, queries: queryCount, k, threads, rounds }
console.log(
  JSON.stringify({
    bench: 'exact-index',
    settings,
    report,
    overBare,
    overUsearch,
    memory,
    targets,
  }),
)

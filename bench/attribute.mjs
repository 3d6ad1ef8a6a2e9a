/**
 * `attribute` over 1,000,000 training pictures of 512 features through a head and a calibration: over an
 * index in memory and over one that reads the mapped pool from disk, for outputs that have a model in
 * the pool and for outputs that have none, whose influence spreads far. Then the memory that it takes,
 * in a process of its own.
 *
 *   node attribute.mjs [--rows 1000000] [--columns 512] [--queries 64] [--k 10] [--rounds 7]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { applyHead, attribute, createAttributionHead, featuresFromMatrix } from '@assay/attribution'
import { openHead } from '@assay/attribution/train'
import { createMatrix, createRandom, selectRows } from '@assay/core'
import { openMatrixFile, writeMatrixFile } from '@assay/store'
import { createEngine } from '@assay/tensor'
import { createExactIndex } from '@assay/vector-index'
import { dropCache } from './drop-cache.mjs'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    columns: { type: 'string', default: '512' },
    queries: { type: 'string', default: '64' },
    k: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
  },
})
const [rows, columns, queryCount, k, rounds, threads] = [
  ...[flags.rows, flags.columns, flags.queries],
  ...[flags.k, flags.rounds, flags.threads],
].map(Number)
const blockRows = 20_000
const coldRounds = 3
const { uniform } = createRandom(1)

/** Raw features in 1,000 clusters, as embeddings of pictures lie. */
const centres = Float32Array.from({ length: 1000 * columns }, () => uniform() - 0.5)
function rawFeatures(count, firstRow) {
  const data = new Float32Array(count * columns)
  for (let row = 0; row < count; row++) {
    const centre = Math.floor(uniform() * 1000) * columns
    const start = row * columns
    for (let at = 0; at < columns; at++) {
      data[start + at] = 4 * (centres[centre + at] + 1.2 * (uniform() - 0.5))
    }
  }
  const ids = Array.from({ length: count }, (_, row) => `picture ${firstRow + row}`)
  return createMatrix({ data, columns, ids, fingerprint: 'bench' })
}

/** A head whose sides differ a little, as those of a trained one. */
async function createHead() {
  const { normal } = createRandom(2)
  const scale = 0.3 / Math.sqrt(columns)
  const real = Float64Array.from({ length: columns ** 2 }, (_, at) =>
    at % (columns + 1) === 0 ? 1 : scale * normal(),
  )
  const map = (weight) => ({
    ...{ form: 'linear', columns, outputColumns: columns },
    ...{ weight, bias: Float64Array.from({ length: columns }, () => 0.05 * normal()) },
  })
  const synthetic = real.map((value) => value + 0.1 * scale * normal())
  const expects = { normalized: false, fingerprint: 'bench' }
  return createAttributionHead({ real: map(real), synthetic: map(synthetic), expects })
}

/** Clock and processor milliseconds of a call. */
async function timed(call) {
  const [began, used] = [performance.now(), process.cpuUsage()]
  const result = await call()
  const { user, system } = process.cpuUsage(used)
  return { result, clock: performance.now() - began, processor: (user + system) / 1000 }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

async function measure(call) {
  await call()
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push(await timed(call))
  return {
    milliseconds: median(runs.map(({ clock }) => clock)),
    coreMilliseconds: median(runs.map(({ processor }) => processor)),
    report: runs[0].result,
  }
}

/** The same with the file taken out of the page cache before each call; null where that cannot be done. */
async function measureCold(call) {
  const runs = []
  for (let round = 0; round < coldRounds; round++) {
    if (!dropCache(path)) return null
    runs.push((await timed(call)).clock)
  }
  return median(runs)
}

/** Writes the pool as the real side of the head maps it, and keeps some raw rows to make queries of. */
async function mapPool(path, head, engine) {
  const mapper = await openHead({ head, side: 'real', engine })
  const models = []
  async function* blocks() {
    for (let firstRow = 0; firstRow < rows; firstRow += blockRows) {
      const block = rawFeatures(Math.min(blockRows, rows - firstRow), firstRow)
      models.push(selectRows(block, [7, 11]))
      yield await mapper.map(block)
    }
  }
  await writeMatrixFile(path, blocks())
  await mapper.close()
  return models.flatMap((block) => [0, 1].map((row) => selectRows(block, [row])))
}

/** Outputs near a picture of the pool, and outputs like none. */
function createQueries(models) {
  const moved = (spread, row) => row.data.map((value) => value + spread * (uniform() - 0.5))
  const near = Array.from({ length: queryCount }, (_, at) => moved(1.5, models[at % models.length]))
  const far = near.map(() => Float32Array.from({ length: columns }, () => uniform() - 0.5))
  const matrix = (list) =>
    createMatrix({
      data: Float32Array.from({ length: list.length * columns }, (_, at) => {
        return list[Math.floor(at / columns)][at % columns]
      }),
      columns,
      fingerprint: 'bench',
    })
  return { near: matrix(near), far: matrix(far) }
}

/** Seconds to read the whole file, as a search that streams reads it, and nothing else. */
async function readFile(path) {
  const file = await open(path)
  const window = Buffer.alloc(16 * 2 ** 20)
  while ((await file.read(window, 0, window.length)).bytesRead > 0);
  await file.close()
}

const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
const path = join(folder, 'mapped.safetensors')
const engine = createEngine({ threads, workers: 1 })
const head = await createHead()
const mapping = await timed(() => mapPool(path, head, engine))
const queries = createQueries(mapping.result)
// What the recipe of the tests finds on its world.
const calibration = {
  ...{ specificationVersion: 1, inverseTemperature: 46.59, bias: -0.06497 },
  ...{ fingerprint: null, fittedOn: null },
}

const file = await openMatrixFile(path)
const loading = await timed(() =>
  createExactIndex({ vectors: file, metric: 'inner-product', engine }),
)
const pool = loading.result
const over = (index, asked) => () =>
  attribute({ queries: asked, pool: index, head, calibration, k })
const memory = {
  near: await measure(over(pool, queries.near)),
  far: await measure(over(pool, queries.far)),
}
await pool.close()
const streamed = await createExactIndex({
  ...{ vectors: file, metric: 'inner-product', engine, stream: true },
})
const disk = await measure(over(streamed, queries.near))
const reading = await measure(() => readFile(path))
const cold = {
  search: await measureCold(over(streamed, queries.near)),
  reading: await measureCold(() => readFile(path)),
}
await streamed.close()

/** The first output by plain JavaScript in float64 over every mapped row. */
async function byPlainJavaScript() {
  const few = selectRows(queries.near, [0])
  const asked = { ...applyHead({ head, side: 'synthetic', features: few }), fingerprint: null }
  const features = featuresFromMatrix(await file.read())
  return attribute({ queries: asked, pool: features, calibration, k })
}
const { attributions } = await byPlainJavaScript()
const same = (report) => JSON.stringify(report.attributions[0]) === JSON.stringify(attributions[0])
await engine.close()

const script = fileURLToPath(new URL('./attribute-memory.mjs', import.meta.url))
const growth = JSON.parse(
  execFileSync(process.execPath, [script, path, String(threads)], { encoding: 'utf8' }),
)
await file.close()
rmSync(folder, { recursive: true })

const spread = ({ report }) => median(report.attributions.map(({ support }) => support))
const measured = {
  'in memory, with a model in the pool': memory.near,
  'in memory, like nothing in the pool': memory.far,
  'from page cache, with a model in the pool': disk,
  'reading the file from page cache alone': reading,
}
const targets = {
  'in memory <= 1500 ms': memory.near.milliseconds <= 1500,
  'from disk <= 1.15 x reading it from the disk':
    cold.search !== null && cold.search <= 1.15 * cold.reading,
  'memory growth <= 1.2 x features': growth.peak <= 1.2,
  'equal to plain JavaScript': same(memory.near.report) && same(disk.report),
}
console.log(`${rows} x ${columns}, ${queryCount} outputs, k = ${k}, ${threads} threads`)
for (const [name, { milliseconds, coreMilliseconds }] of Object.entries(measured)) {
  const clock = `${milliseconds.toFixed(0).padStart(7)} ms`
  console.log(`${name.padEnd(43)}${clock}${coreMilliseconds.toFixed(0).padStart(8)} core-ms`)
}
if (cold.search !== null) {
  const [search, alone] = [cold.search, cold.reading].map((value) => value.toFixed(0))
  console.log(`from the disk, page cache dropped: ${search} ms; reading it alone: ${alone} ms`)
}
console.log(
  `pictures with influence, median: ${spread(memory.near)}; like nothing: ${spread(memory.far)}`,
)
console.log(
  `mapping the pool, once: ${(mapping.clock / 1000).toFixed(1)} s; loading it: ${(loading.clock / 1000).toFixed(1)} s`,
)
console.log(`memory: peak ${growth.peak.toFixed(3)} x features`)
for (const [target, met] of Object.entries(targets))
  console.log(`${met ? 'met ' : 'MISS'} ${target}`)
console.log(
  JSON.stringify({
    bench: 'attribute',
    settings: { rows, columns, queries: queryCount, k, rounds, threads },
    measured: Object.fromEntries(
      Object.entries(measured).map(([name, { milliseconds, coreMilliseconds }]) => [
        name,
        { milliseconds, coreMilliseconds },
      ]),
    ),
    cold,
    support: { near: spread(memory.near), far: spread(memory.far) },
    mappingSeconds: mapping.clock / 1000,
    growth,
    targets,
  }),
)

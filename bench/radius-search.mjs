/**
 * Search by radius with pruning against a one-thread scan in plain JavaScript, and against the same
 * index's scan on ONNX Runtime (1 query and 64), on clustered vectors and, as the worst case, on vectors
 * without structure. Results must equal those of the plain scan.
 *
 *   node radius-search.mjs [--rows 1200000] [--columns 64,256] [--rounds 5] [--threads 2]
 */
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createMatrix, createRandom } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { createExactIndex } from '@assay/vector-index'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1200000' },
    columns: { type: 'string', default: '64,256' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
  },
})
const rows = Number(flags.rows)
const rounds = Number(flags.rounds)
const threads = Number(flags.threads)
const queryCount = 64

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/**
 * 1,024 Gaussian clusters whose coordinates shrink as those of embeddings do, 2 / sqrt(1 + 16 j / d),
 * with .7 of that within a cluster; or one Gaussian without clusters.
 */
function makeData(kind, columns, random) {
  const scale = Float64Array.from({ length: columns }, (_, column) =>
    kind === 'clustered' ? 2 / Math.sqrt(1 + (16 * column) / columns) : 1,
  )
  const centres = Float32Array.from({ length: 1024 * columns }, (_, at) =>
    kind === 'clustered' ? scale[at % columns] * random.normal() : 0,
  )
  const within = kind === 'clustered' ? 0.7 : 1
  const row = (target, start) => {
    const centre = random.integer(1024) * columns
    for (let column = 0; column < columns; column++) {
      target[start + column] = centres[centre + column] + within * scale[column] * random.normal()
    }
  }
  const data = new Float32Array(rows * columns)
  for (let at = 0; at < rows; at++) row(data, at * columns)
  const spread = within * Math.sqrt(scale.reduce((sum, value) => sum + value ** 2, 0))
  return { data, queries: makeQueries(data, { columns, row, random }), spread }
}

/** Every other query lies near a row, the others are new. */
function makeQueries(data, { columns, row, random }) {
  const queries = new Float32Array(queryCount * columns)
  for (let query = 0; query < queryCount; query++) {
    row(queries, query * columns)
    if (query % 2 === 1) continue
    const near = random.integer(rows) * columns
    for (let column = 0; column < columns; column++) {
      queries[query * columns + column] = data[near + column] + 0.05 * random.normal()
    }
  }
  return queries
}

/** One thread, plain JavaScript: the rows within a distance. */
function plainScan(data, query, radius) {
  const columns = query.length
  const found = []
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    let sum = 0
    for (let column = 0; column < columns; column++) {
      const difference = query[column] - data[start + column]
      sum += difference * difference
    }
    const distance = Math.sqrt(sum)
    if (distance <= radius) found.push({ row, distance })
  }
  return found.sort((a, b) => a.distance - b.distance || a.row - b.row)
}

/** Milliseconds a query of one call for `count` queries, median of the rounds after one to warm up. */
async function timePerQuery(count, call) {
  const times = []
  for (let round = 0; round <= rounds; round++) {
    await setTimeout(30)
    const start = performance.now()
    await call(round)
    if (round > 0) times.push((performance.now() - start) / count)
  }
  return median(times)
}

async function measure(kind, columns, radiusShare) {
  const { data, queries, spread } = makeData(kind, columns, createRandom(1))
  const radius = radiusShare * Math.SQRT2 * spread
  const vectors = createMatrix({ data, columns })
  const all = createMatrix({ data: queries, columns })
  const single = (query) =>
    createMatrix({ data: queries.slice(query * columns, (query + 1) * columns), columns })
  const engine = createEngine({ threads })
  const make = (radiusSearch) =>
    createExactIndex({ vectors, metric: 'euclidean', engine, radiusSearch })
  const scanning = await make({ road: 'scan' })
  const made = performance.now()
  const faster = await make({ road: 'faster', eager: true })
  const madeSeconds = (performance.now() - made) / 1000
  const pruning = await make({ road: 'prune', eager: true })

  const found = await faster.within(all, { radius })
  const checked = 16
  let missed = 0
  for (let query = 0; query < checked; query++) {
    const truth = plainScan(data, single(query).data, radius)
    const same =
      truth.length === found[query].length &&
      truth.every(({ row, distance }, at) => {
        const neighbour = found[query][at]
        return neighbour.row === row && Object.is(neighbour.score, distance)
      })
    if (!same) missed += 1
  }
  const ofIndex = (index) => async (count) => ({
    [count]: await timePerQuery(count, (round) =>
      index.within(count === 1 ? single(round % queryCount) : all, { radius }),
    ),
  })
  const both = async (index) => ({ ...(await ofIndex(index)(1)), ...(await ofIndex(index)(64)) })
  const result = {
    kind,
    columns,
    radius,
    resultsPerQuery: found.flat().length / queryCount,
    exact: missed === 0,
    makingSeconds: madeSeconds,
    plain: await timePerQuery(1, (round) => plainScan(data, single(round).data, radius)),
    pruned: await both(pruning),
    scan: await both(scanning),
    faster: await both(faster),
  }
  await engine.close()
  return result
}

const results = []
for (const columns of flags.columns.split(',').map(Number)) {
  results.push(await measure('clustered', columns, 0.5))
  results.push(await measure('isotropic', columns, 0.5))
}

const cell = (value) => value.toFixed(value < 10 ? 2 : 1).padStart(10)
console.log(`${rows} rows, milliseconds a query, ${threads} threads of ONNX Runtime`)
console.log(
  `${''.padEnd(16)}${['plain', 'pruned 1', 'pruned 64', 'scan 1', 'scan 64', 'index 1', 'index 64']
    .map((name) => name.padStart(10))
    .join('')}   made in`,
)
for (const { kind, columns, plain, pruned, scan, faster, makingSeconds } of results) {
  const times = [plain, pruned[1], pruned[64], scan[1], scan[64], faster[1], faster[64]]
  const name = `${kind} ${columns}`.padEnd(16)
  console.log(`${name}${times.map(cell).join('')}${makingSeconds.toFixed(1).padStart(8)} s`)
}
const [first] = results
const targets = {
  'clustered, pruned >= 20 x plain scan': first.plain / first.pruned[1] >= 20,
  'clustered, index >= 20 x plain scan': first.plain / first.faster[1] >= 20,
  'index <= 1.25 x the faster road': results.every(({ pruned, scan, faster }) =>
    [1, 64].every((count) => faster[count] <= 1.25 * Math.min(pruned[count], scan[count])),
  ),
  'recall 1, scores equal to the last bit': results.every(({ exact }) => exact),
}
for (const [target, met] of Object.entries(targets)) {
  console.log(`${met ? 'met ' : 'MISS'} ${target}`)
}
console.log(
  JSON.stringify({ bench: 'radius-search', settings: { rows, threads, rounds }, results, targets }),
)

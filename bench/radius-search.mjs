/**
 * Search by radius with pruning against a one-thread scan in plain JavaScript, and against the same
 * index's scan on ONNX Runtime, for batches of 1 to 512 queries, on clustered vectors and, as the worst
 * case, on vectors without structure. Results must equal those of the plain scan.
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
const queryCount = 512
/** Queries a call. */
const batches = [1, 8, 64, 512]

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

/** Milliseconds that calls are repeated for at least, once to warm up and once to measure. */
const patience = 400

/** Milliseconds a query of one call for `count` queries: the median of some rounds. */
async function timePerQuery(count, call) {
  const run = async () => {
    const times = []
    const end = performance.now() + patience
    while (times.length < rounds || performance.now() < end) {
      const start = performance.now()
      await call(times.length)
      times.push((performance.now() - start) / count)
    }
    return median(times)
  }
  await run()
  await setTimeout(30)
  return run()
}

async function measure(kind, columns, radiusShare) {
  const { data, queries, spread } = makeData(kind, columns, createRandom(1))
  const radius = radiusShare * Math.SQRT2 * spread
  const vectors = createMatrix({ data, columns })
  const some = (count, round) => {
    const first = (round * count) % queryCount
    return createMatrix({
      data: queries.slice(first * columns, (first + count) * columns),
      columns,
    })
  }
  const engine = createEngine({ threads })
  const make = (radiusSearch) =>
    createExactIndex({ vectors, metric: 'euclidean', engine, radiusSearch })
  const scanning = await make({ road: 'scan' })
  const made = performance.now()
  const faster = await make({ road: 'faster', eager: true })
  const madeSeconds = (performance.now() - made) / 1000
  const pruning = await make({ road: 'prune', eager: true })

  const checked = 16
  const found = await faster.within(some(checked, 0), { radius })
  let differing = 0
  for (let query = 0; query < checked; query++) {
    const truth = plainScan(data, some(1, query).data, radius)
    const same =
      truth.length === found[query].length &&
      truth.every(({ row, distance }, at) => {
        const neighbour = found[query][at]
        return neighbour.row === row && Object.is(neighbour.score, distance)
      })
    if (!same) differing += 1
  }
  const timesOf = async (index, counts) => {
    const times = {}
    for (const count of counts) {
      times[count] = await timePerQuery(count, (round) =>
        index.within(some(count, round), { radius }),
      )
    }
    return times
  }
  const plain = await timePerQuery(1, (round) => plainScan(data, some(1, round).data, radius))
  const result = {
    kind,
    columns,
    radius,
    resultsPerQuery: found.flat().length / checked,
    exact: differing === 0,
    makingSeconds: madeSeconds,
    plain,
    // Without clusters, pruning many queries would take minutes.
    pruned: await timesOf(pruning, kind === 'clustered' ? batches : [1]),
    scan: await timesOf(scanning, batches),
    index: await timesOf(faster, batches),
  }
  await engine.close()
  return result
}

const results = []
for (const columns of flags.columns.split(',').map(Number)) {
  results.push(await measure('clustered', columns, 0.5))
  results.push(await measure('isotropic', columns, 0.5))
}

const cell = (value) => (value === undefined ? '-' : value.toFixed(value < 10 ? 2 : 1)).padStart(10)
console.log(`${rows} rows, milliseconds a query, ${threads} threads of ONNX Runtime`)
for (const { kind, columns, makingSeconds, resultsPerQuery, plain, ...roads } of results) {
  console.log(
    `\n${kind}, ${columns} columns: cells made in ${makingSeconds.toFixed(1)} s, ` +
      `${resultsPerQuery.toFixed(1)} results a query`,
  )
  console.log(
    `${'queries a call'.padEnd(18)}${batches.map((count) => `${count}`.padStart(10)).join('')}`,
  )
  console.log(`${'plain JavaScript'.padEnd(18)}${cell(plain)}`)
  for (const road of ['pruned', 'scan', 'index']) {
    console.log(`${road.padEnd(18)}${batches.map((count) => cell(roads[road][count])).join('')}`)
  }
  const crossover = batches.find((count) => roads.scan[count] < roads.pruned[count])
  const slower = `a scan is quicker from ${crossover} queries a call on`
  console.log(crossover ? slower : 'a scan is never quicker')
}
const [first] = results
console.log(`\npruned: ${(first.plain / first.pruned[1]).toFixed(1)} x the plain scan`)
const targets = {
  'clustered, pruned >= 20 x plain scan': first.plain / first.pruned[1] >= 20,
  'clustered, index >= 20 x plain scan': first.plain / first.index[1] >= 20,
  'index <= 1.25 x the faster road': results.every(({ pruned, scan, index }) =>
    batches.every(
      (count) => index[count] <= 1.25 * Math.min(pruned[count] ?? Infinity, scan[count]),
    ),
  ),
  'recall 1, scores equal to the last bit': results.every(({ exact }) => exact),
}
for (const [target, met] of Object.entries(targets)) {
  console.log(`${met ? 'met ' : 'MISS'} ${target}`)
}
console.log(
  JSON.stringify({ bench: 'radius-search', settings: { rows, threads, rounds }, results, targets }),
)

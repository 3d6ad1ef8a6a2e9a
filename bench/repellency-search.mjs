/**
 * Search for references near the predictions of a step, for a batch of 4: over references in memory, and
 * over latents of 4 × 32 × 32 in float16 on disk, whose pooled projections are indexed. Clustered, and as
 * the worst case without structure. Results must equal those of a plain scan of every row; the other targets
 * are those of 1,200,000 rows, and judged there alone.
 *
 *   node repellency-search.mjs [--rows 120000] [--columns 64,256] [--batches 32] [--threads 2]
 *     [--folder temporary] [--only memory|disk]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createMatrix, createRandom } from '@assay/core'
import { referencesInIndex } from '@assay/repellency'
import { writeShieldReferences } from '@assay/repellency/node'
import { createEngine } from '@assay/tensor'
import { createExactIndex } from '@assay/vector-index'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '120000' },
    columns: { type: 'string', default: '64,256' },
    batches: { type: 'string', default: '32' },
    threads: { type: 'string', default: '2' },
    folder: { type: 'string', default: tmpdir() },
    only: { type: 'string', default: 'memory,disk' },
  },
})
const [rows, batches, threads] = [flags.rows, flags.batches, flags.threads].map(Number)
const batchSize = 4
/** What targets of time and memory are for. */
const targetRows = 1_200_000
/** As dense for any number of rows. */
const clusters = Math.ceil((1024 * rows) / targetRows)
/** Rows of the worst case on disk, where every row is read for every batch. */
const worstRows = Math.min(rows, 120_000)
const latent = { channels: 4, height: 32, width: 32 }
const latentColumns = 4096

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.ceil(q * values.length) - 1]

const random = createRandom(1)
/** Normal numbers to begin at a random place of, which is quicker than to draw each. */
const normals = Float32Array.from({ length: 2 ** 22 }, () => random.normal())

/**
 * Rows of Gaussian clusters, 1,024 for 1,200,000 of them, whose coordinates shrink as those of embeddings do,
 * 2 / sqrt(1 + 16 j / d), with .7 of that within a cluster; or of one Gaussian without clusters.
 */
function createWorld(kind, columns) {
  const clustered = kind === 'clustered'
  const scale = Float64Array.from({ length: columns }, (_, column) =>
    clustered ? 2 / Math.sqrt(1 + (16 * column) / columns) : 1,
  )
  const centres = Float32Array.from({ length: clusters * columns }, (_, at) =>
    clustered ? scale[at % columns] * random.normal() : 0,
  )
  const within = clustered ? 0.7 : 1
  const spread = within * Math.sqrt(scale.reduce((sum, value) => sum + value ** 2, 0))
  return {
    // Half of the typical distance of two rows of a cluster.
    radius: 0.5 * Math.SQRT2 * spread,
    draw(target) {
      const centre = random.integer(clusters) * columns
      const noise = random.integer(normals.length - columns)
      for (let at = 0; at < columns; at++) {
        target[at] = centres[centre + at] + within * scale[at] * normals[noise + at]
      }
    },
  }
}

/**
 * The picture of coordinates in an orthonormal Haar basis, coarse ones first: 4 × 4 of each channel, then
 * the details of 8 × 8, 16 × 16 and 32 × 32. So the coordinates that shrink are spatial frequencies, as
 * those of pictures and latents do; pooling would leave nothing of rows without them.
 */
function drawPicture(coordinates, picture) {
  const { channels, width } = latent
  let from = 0
  let coarse = coordinates.slice(0, channels * 16)
  from += coarse.length
  for (let edge = 4; edge < width; edge *= 2) {
    const squares = edge * edge
    const fine = 2 * edge === width ? picture : new Float32Array(channels * 4 * squares)
    for (let channel = 0; channel < channels; channel++) {
      for (let at = 0; at < squares; at++) {
        const place = channel * squares + at
        const detail = from + 3 * place
        const mean = coarse[place]
        const [a, b, c] = [coordinates[detail], coordinates[detail + 1], coordinates[detail + 2]]
        const line = Math.floor(at / edge)
        const corner = channel * 4 * squares + 4 * line * edge + 2 * (at - line * edge)
        fine[corner] = (mean + a + b + c) / 2
        fine[corner + 1] = (mean - a + b - c) / 2
        fine[corner + 2 * edge] = (mean + a - b - c) / 2
        fine[corner + 2 * edge + 1] = (mean - a - b + c) / 2
      }
    }
    from += 3 * channels * squares
    coarse = fine
  }
}

/** Every other point lies near a row, the others are new. */
function drawPoints(count, columns, { draw, rowAt }) {
  return Array.from({ length: count }, (_, point) => {
    const row = new Float32Array(columns)
    if (point % 2 === 0) row.set(rowAt())
    else draw(row)
    return Float64Array.from(row, (value) => value + (point % 2 ? 0 : 0.05 * random.normal()))
  })
}

/** Rows nearer than the radius, by one thread that looks at all. */
function plainScan(data, point, radius) {
  const columns = point.length
  const found = []
  for (let row = 0; row < data.length / columns; row++) {
    let sum = 0
    for (let column = 0; column < columns; column++) {
      const difference = point[column] - data[row * columns + column]
      sum += difference * difference
    }
    const distance = Math.sqrt(sum)
    if (distance < radius) found.push({ row, distance })
  }
  return found
}

const isSame = (near, truth) =>
  near.length === truth.length &&
  near.every(({ row, distance }, at) => row === truth[at].row && distance === truth[at].distance)

async function measureMemory(kind, columns) {
  const { draw, radius } = createWorld(kind, columns)
  const data = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) draw(data.subarray(row * columns, (row + 1) * columns))
  const rowAt = () => {
    const row = random.integer(rows)
    return data.subarray(row * columns, (row + 1) * columns)
  }
  const points = drawPoints(batches * batchSize, columns, { draw, rowAt })
  const engine = createEngine({ threads })
  const vectors = createMatrix({ data, columns })
  const made = performance.now()
  const radiusSearch = { eager: true }
  const index = await createExactIndex({ vectors, metric: 'euclidean', engine, radiusSearch })
  const makingSeconds = (performance.now() - made) / 1000
  const references = referencesInIndex({ index, vectors })
  const step = async (batch) => {
    const some = points.slice(batch * batchSize, (batch + 1) * batchSize)
    const start = performance.now()
    const near = await references.within(some, { radius })
    return { near, milliseconds: performance.now() - start }
  }
  for (let batch = 0; batch < 4; batch++) await step(batch)
  const steps = []
  for (let batch = 0; batch < batches; batch++) steps.push(await step(batch))
  const plain = []
  let same = true
  for (let point = 0; point < 2 * batchSize; point++) {
    const start = performance.now()
    const truth = plainScan(data, points[point], radius)
    plain.push(performance.now() - start)
    same &&= isSame(steps[point >> 2].near[point & 3], truth)
  }
  await index.close()
  await engine.close()
  const times = steps.map(({ milliseconds }) => milliseconds)
  return {
    ...{ kind, columns, rows, makingSeconds, same },
    near: steps.flatMap(({ near }) => near.flat()).length / points.length,
    step: { median: median(times), p95: quantile(times, 0.95) },
    plainQuery: median(plain),
  }
}

async function measureDisk(kind, count) {
  const folder = mkdtempSync(join(flags.folder, 'assay-bench-'))
  try {
    const { draw: drawCoordinates, radius } = createWorld(kind, latentColumns)
    const coordinates = new Float32Array(latentColumns)
    const draw = (target) => {
      drawCoordinates(coordinates)
      drawPicture(coordinates, target)
    }
    const kept = []
    function* blocks() {
      const rowsAtOnce = 2048
      for (let start = 0; start < count; start += rowsAtOnce) {
        const data = new Float32Array(Math.min(rowsAtOnce, count - start) * latentColumns)
        for (let at = 0; at < data.length; at += latentColumns) {
          draw(data.subarray(at, at + latentColumns))
        }
        const keep = random.integer(data.length / latentColumns) * latentColumns
        kept.push(data.slice(keep, keep + latentColumns))
        yield createMatrix({ data, columns: latentColumns })
      }
    }
    const space = { ...latent, scale: 1, shift: 0, fingerprint: null }
    const set = join(folder, 'references')
    const began = performance.now()
    const { displacement } = await writeShieldReferences({ folder: set, space, rows: blocks })
    const writingSeconds = (performance.now() - began) / 1000
    const rowAt = () => kept[random.integer(kept.length)]
    const points = drawPoints(batches * batchSize, latentColumns, { draw, rowAt })
    const packed = new Float64Array(points.length * latentColumns)
    points.forEach((point, at) => {
      packed.set(point, at * latentColumns)
    })
    const queries = join(folder, 'points.raw')
    writeFileSync(queries, packed)
    const script = fileURLToPath(new URL('./repellency-search-disk.mjs', import.meta.url))
    const arguments_ = [script, set, queries, String(radius), String(threads)]
    const found = JSON.parse(execFileSync(process.execPath, arguments_, { encoding: 'utf8' }))
    const gigabytes = statSync(join(set, 'vectors.raw')).size / 1e9
    return { kind, rows: count, gigabytes, writingSeconds, displacement, radius, ...found }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const memory = []
const disk = []
if (flags.only.includes('memory')) {
  for (const columns of flags.columns.split(',').map(Number)) {
    for (const kind of ['clustered', 'isotropic']) memory.push(await measureMemory(kind, columns))
  }
}
if (flags.only.includes('disk')) {
  disk.push(await measureDisk('clustered', rows))
  disk.push(await measureDisk('isotropic', worstRows))
}

const show = (value, width = 9) => `${value.toFixed(value < 10 ? 2 : 0)}`.padStart(width)
console.log(`${rows} references, steps of ${batchSize} predictions, ${threads} threads`)
for (const { kind, columns, makingSeconds, near, step, plainQuery } of memory) {
  console.log(
    `in memory, ${kind}, ${columns} columns: step${show(step.median)} ms (p95${show(step.p95)}), ` +
      `plain scan${show(plainQuery)} ms a prediction, ${near.toFixed(1)} near, ` +
      `index made in ${makingSeconds.toFixed(1)} s`,
  )
}
for (const { kind, rows: count, gigabytes, ...found } of disk) {
  const { warm, cold, read, near, peakGigabytes, openingSeconds, writingSeconds } = found
  console.log(
    `on disk, ${kind}, ${count} × ${latentColumns} float16, ${gigabytes.toFixed(1)} GB: ` +
      `warm${show(warm.median)} ms (p95${show(warm.p95)}), ` +
      `cold ${cold ? `${show(cold.median)} ms (most${show(cold.most)})` : 'not measured'}, ` +
      `${read.toFixed(0)} read and ${near.toFixed(1)} near a prediction, ` +
      `memory ${peakGigabytes.toFixed(2)} GiB, opened in ${openingSeconds.toFixed(1)} s, ` +
      `written in ${writingSeconds.toFixed(0)} s`,
  )
}
const clustered = memory.filter(({ kind }) => kind === 'clustered')
const [onDisk] = disk
const isJudged = rows >= targetRows
const targets = {
  ...(isJudged &&
    clustered.length > 0 && {
      'in memory, clustered: <= 60 ms a step': clustered.every(({ step }) => step.median <= 60),
      'in memory, clustered: >= 20 x a plain scan': clustered.every(
        ({ step, plainQuery }) => (batchSize * plainQuery) / step.median >= 20,
      ),
    }),
  ...(isJudged &&
    onDisk && {
      'on disk, clustered: <= 300 ms warm': onDisk.warm.median <= 300,
      'on disk, clustered: <= 1 s cold': onDisk.cold !== null && onDisk.cold.median <= 1000,
      'on disk: <= 2 GiB of memory': disk.every(({ peakGigabytes }) => peakGigabytes <= 2),
    }),
  'equal to a plain scan': [...memory, ...disk].every(({ same }) => same),
}
for (const [target, met] of Object.entries(targets)) {
  console.log(`${met ? 'met ' : 'MISS'} ${target}`)
}
console.log(
  JSON.stringify({
    bench: 'repellency-search',
    settings: { rows, batches, threads },
    memory,
    disk,
    targets,
  }),
)

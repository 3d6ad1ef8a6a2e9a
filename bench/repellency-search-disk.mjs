// Search over references on disk, measured by repellency-search.mjs in a process of its own:
// node repellency-search-disk.mjs FOLDER POINTS RADIUS THREADS
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openShieldReferences } from '@assay/repellency/node'
import { openMatrixFile } from '@assay/store'
import { createEngine } from '@assay/tensor'
import { createExactIndex } from '@assay/vector-index'
import { dropCache } from './drop-cache.mjs'

const [, , folder, queries, radiusText, threads] = process.argv
const radius = Number(radiusText)
const columns = 4096
const batchSize = 4
/** Steps that are searched with nothing of the file in the page cache. */
const coldSteps = 8

const packed = new Float64Array(new Uint8Array(readFileSync(queries)).buffer)
const points = Array.from({ length: packed.length / columns }, (_, at) =>
  packed.subarray(at * columns, (at + 1) * columns),
)
const steps = Array.from({ length: points.length / batchSize }, (_, at) =>
  points.slice(at * batchSize, (at + 1) * batchSize),
)
const vectorsPath = join(folder, 'vectors.raw')

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.ceil(q * values.length) - 1]

const engine = createEngine({ threads: Number(threads), workers: 1 })
let candidates = 0
const began = performance.now()
const references = await openShieldReferences({
  folder,
  async createIndex(projections) {
    const radiusSearch = { eager: true }
    const settings = { vectors: projections, metric: 'euclidean', engine, radiusSearch }
    const index = await createExactIndex(settings)
    const within = async (asked, options) => {
      const found = await index.within(asked, options)
      candidates += found.flat().length
      return found
    }
    return Object.assign(Object.create(index), { within, close: () => index.close() })
  },
})
const openingSeconds = (performance.now() - began) / 1000

async function timed(step) {
  const start = performance.now()
  const near = await references.within(step, { radius })
  return { near, milliseconds: performance.now() - start }
}

// A step that takes seconds, in the worst case, is not repeated for all points.
const first = await timed(steps[0])
const few = first.milliseconds > 2000 ? steps.slice(0, 2) : steps
candidates = 0
const warm = []
for (const step of few) {
  // At once again: some systems soon take pages back that nobody reads.
  await timed(step)
  warm.push(await timed(step))
}
const asked = few.length * batchSize
const read = candidates / (2 * asked)
const cold = []
for (const step of few.slice(0, coldSteps)) if (dropCache(vectorsPath)) cold.push(await timed(step))
const kilobyte = 1024
const peakGigabytes = (process.resourceUsage().maxRSS * kilobyte) / 2 ** 30

/** Rows nearer than the radius to the points of the first step, by looking at all. */
async function plainScan() {
  const { size } = references
  const file = await openMatrixFile(vectorsPath, {
    raw: { columns, rows: size, type: references.type },
  })
  const found = steps[0].map(() => [])
  let start = 0
  for await (const { data, rows } of file.blocks()) {
    steps[0].forEach((point, at) => {
      for (let row = 0; row < rows; row++) {
        let sum = 0
        for (let column = 0; column < columns; column++) {
          const difference = point[column] - data[row * columns + column]
          sum += difference * difference
        }
        const distance = Math.sqrt(sum)
        if (distance < radius) found[at].push({ row: start + row, distance })
      }
    })
    start += rows
  }
  await file.close()
  return found
}
const truth = await plainScan()
const same = truth.every(
  (wanted, at) =>
    wanted.length === first.near[at].length &&
    wanted.every(({ row, distance }, place) => {
      const each = first.near[at][place]
      return each.row === row && each.distance === distance
    }),
)
await references.close()
await engine.close()
const times = warm.map(({ milliseconds }) => milliseconds)
const coldTimes = cold.map(({ milliseconds }) => milliseconds)
console.log(
  JSON.stringify({
    openingSeconds,
    warm: { median: median(times), p95: quantile(times, 0.95) },
    cold: coldTimes.length > 0 ? { median: median(coldTimes), most: Math.max(...coldTimes) } : null,
    read,
    near: warm.flatMap(({ near }) => near.flat()).length / asked,
    peakGigabytes,
    same,
  }),
)

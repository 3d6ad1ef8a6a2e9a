/**
 * Whether the calling thread keeps ticking while the engine is busy: a timer of 10 ms runs beside a long
 * training and beside a long search, and the longest gap between two ticks counts; the median over runs.
 * Where the system tells (Linux), also how much of that gap this thread stood in line for a core, which
 * says more of other work on the machine than of ours, and the most that it computed between two ticks.
 *
 *   node event-loop.mjs [--runs 20] [--threads 2]
 */
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createMatrix, createRandom } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { gemm, l2Normalize } from '@assay/tensor/graph'
import { adam, fit, infoNce, shuffledBatches } from '@assay/tensor/train'
import { createExactIndex } from '@assay/vector-index'

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    threads: { type: 'string', default: '2' },
  },
})
const [runs, threads] = [flags.runs, flags.threads].map(Number)
const [interval, target, columns] = [10, 50, 512]

const { uniform } = createRandom(1)
const noise = (rows, width) => Float32Array.from({ length: rows * width }, () => uniform() - 0.5)
const tensor = (data, width) => ({ type: 'float32', dims: [data.length / width, width], data })

/** Milliseconds that this thread has computed, and stood in line for a core; null where unknown. */
function schedule() {
  try {
    const statistics = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8')
    const [computed, inLine] = statistics.split(' ').map((value) => Number(value) / 1e6)
    return { computed, inLine }
  } catch {
    return null
  }
}

/** How long some work takes, and the longest gap between ticks of a timer meanwhile. */
async function watch(work) {
  const began = performance.now()
  let last = { at: began, schedule: schedule() }
  const worst = { gap: 0, inLine: null, computed: null }
  const tick = () => {
    const now = { at: performance.now(), schedule: schedule() }
    const spent = (kind) => (now.schedule ? now.schedule[kind] - last.schedule[kind] : null)
    const gap = now.at - last.at
    if (gap > worst.gap) Object.assign(worst, { gap, inLine: spent('inLine') })
    if (now.schedule) worst.computed = Math.max(worst.computed, spent('computed'))
    last = now
  }
  const timer = setInterval(tick, interval)
  await work()
  tick()
  clearInterval(timer)
  return { milliseconds: performance.now() - began, ...worst }
}

const rows = { real: tensor(noise(10_000, columns), columns) }
const weight = tensor(noise(columns, columns), columns)

const train = () =>
  fit({
    engine,
    parameters: { weight },
    batches: shuffledBatches({ rows, batchSize: columns, epochs: 3, seed: 1 }),
    loss: ({ parameters, batch: { real } }) => {
      const mapped = gemm(real, parameters.weight, { transposeB: true })
      return infoNce(l2Normalize(mapped), l2Normalize(real), { temperature: 0.07 })
    },
    optimizer: adam({ learningRate: 1e-4 }),
  })

const engine = createEngine({ threads })
const vectors = createMatrix({ data: noise(200_000, 128), columns: 128 })
const index = await createExactIndex({ vectors, metric: 'cosine', engine })
const queries = createMatrix({ data: noise(2_000, 128), columns: 128 })
const kinds = { training: train, search: () => index.nearest(queries, { k: 10 }) }

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
const report = {}
for (const [name, work] of Object.entries(kinds)) {
  await work()
  const watched = []
  for (let run = 0; run < runs; run++) {
    await setTimeout(30)
    watched.push(await watch(work))
  }
  const medianOf = (key) => median(watched.map((run) => run[key]))
  report[name] = {
    milliseconds: medianOf('milliseconds'),
    gap: medianOf('gap'),
    inLine: medianOf('inLine'),
    computed: medianOf('computed'),
    largestGap: Math.max(...watched.map((run) => run.gap)),
  }
}
await engine.close()

const targets = Object.fromEntries(
  Object.entries(report).map(([name, { gap }]) => [`${name}: gap <= ${target} ms`, gap <= target]),
)
console.log(
  `${interval} ms timer beside work of ${threads} threads; medians of ${runs} runs, in ms`,
)
for (const [name, own] of Object.entries(report)) {
  const numbers = Object.entries(own).map(([key, value]) => `${key} ${value?.toFixed(1) ?? '?'}`)
  console.log(`${name.padEnd(10)}${numbers.join(', ')}`)
}
for (const [name, met] of Object.entries(targets)) console.log(`${met ? 'met ' : 'MISS'} ${name}`)
const settings = { runs, threads, interval, target }
console.log(JSON.stringify({ bench: 'event-loop', settings, report, targets }))

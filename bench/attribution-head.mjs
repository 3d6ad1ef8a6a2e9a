/**
 * Training of attribution heads, as `fitAttributionHead` does it: the small world of the tests, 100,000
 * pairs of 512 numbers for ten epochs, and steps in turn with the same training by PyTorch, where a
 * Python that has it is named; then the head over many rows, on the engine and on the calling thread.
 *
 *   ASSAY_BENCH_PYTHON=/path/to/python node attribution-head.mjs [--models 12500] [--copies 8]
 *     [--columns 512] [--epochs 10] [--steps 30] [--rounds 7] [--threads 2]
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { applyHead } from '@assay/attribution'
import { fitAttributionHead, openHead } from '@assay/attribution/train'
import { createMatrix, createRandom } from '@assay/core'
import { createEngine } from '@assay/tensor'

const { values: flags } = parseArgs({
  options: {
    models: { type: 'string', default: '12500' },
    copies: { type: 'string', default: '8' },
    columns: { type: 'string', default: '512' },
    epochs: { type: 'string', default: '10' },
    steps: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
  },
})
const [models, copies, columns, epochs, steps, rounds, threads] = [
  ...[flags.models, flags.copies, flags.columns, flags.epochs],
  ...[flags.steps, flags.rounds, flags.threads],
].map(Number)
const batchSize = 512
const settings = { learningRate: 1e-3, temperature: 0.07, regulariserWeight: 0.05 }
const python = process.env.ASSAY_BENCH_PYTHON

/** Models of one exemplar, whose pictures are it, turned by one column and disturbed. */
function customised(count, width) {
  const { uniform } = createRandom(1)
  const noise = () => uniform() + uniform() + uniform() - 1.5
  const exemplars = Float32Array.from({ length: count * width }, noise)
  const queries = new Float32Array(count * copies * width)
  for (let row = 0; row < count * copies; row++) {
    const own = Math.floor(row / copies) * width
    for (let column = 0; column < width; column++) {
      const turned = exemplars[own + ((column + 1) % width)]
      queries[row * width + column] = 0.7 * exemplars[own + column] + 0.7 * turned + noise()
    }
  }
  return {
    exemplars: createMatrix({ data: exemplars, columns: width }),
    queries: createMatrix({ data: queries, columns: width }),
    models: Array.from({ length: count }, (_, model) => ({
      id: `m${model}`,
      exemplars: [model],
      queries: { drawn: Array.from({ length: copies }, (_, at) => model * copies + at) },
    })),
  }
}

async function timed(call) {
  const [began, used] = [performance.now(), process.cpuUsage()]
  const result = await call()
  const { user, system } = process.cpuUsage(used)
  return { result, seconds: (performance.now() - began) / 1000, processor: (user + system) / 1e6 }
}

/** Seconds a step, from the end of the first to the end of the last, and the last loss. */
async function stepsByFit(data) {
  let [began, used] = [0, process.cpuUsage()]
  let [seconds, processor] = [0, 0]
  const progress = ({ done }) => {
    if (done === 1) [began, used] = [performance.now(), process.cpuUsage()]
    if (done < steps) return
    const { user, system } = process.cpuUsage(used)
    ;[seconds, processor] = [(performance.now() - began) / 1000, (user + system) / 1e6]
  }
  const options = { ...data, ...settings, batchSize, steps, order: 'as-given', progress }
  const fitted = await fitAttributionHead({ engine, ...options })
  return { seconds, processor, loss: fitted.steps.at(-1).loss }
}

/** A Python that trains on the same features, or null where there is none with PyTorch. */
async function openTorch({ exemplars, queries }) {
  if (!python) return null
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'))
  const paths = { real: join(folder, 'real.f32'), synthetic: join(folder, 'synthetic.f32') }
  await writeFile(paths.real, exemplars.data)
  await writeFile(paths.synthetic, queries.data)
  const batches = Math.ceil(models / batchSize)
  const argument = { ...settings, ...paths, models, copies, columns, batches, threads }
  const script = fileURLToPath(new URL('./attribution-head.torch.py', import.meta.url))
  const child = spawn(python, [script, JSON.stringify(argument)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { value: ready } = await lines.next()
  const close = async () => {
    child.stdin.end()
    await rm(folder, { recursive: true })
  }
  if (!ready) {
    await close()
    return null
  }
  const run = async () => {
    child.stdin.write(`${steps}\n`)
    const [seconds, processor, loss] = JSON.parse((await lines.next()).value)
    return { seconds, processor, loss }
  }
  return { version: ready.split(' ')[1], run, close }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Our speed over PyTorch's, in turns. */
async function besideTorch(data) {
  const torch = await openTorch(data)
  if (!torch) return null
  const pairs = []
  for (let round = 0; round <= rounds; round++) {
    const [own, other] = [await stepsByFit(data), await torch.run()]
    if (round > 0) pairs.push({ own, other })
  }
  await torch.close()
  const speed = (kind) => median(pairs.map(({ own, other }) => other[kind] / own[kind]))
  const perStep = (who) => (1000 * median(pairs.map((pair) => pair[who].seconds))) / (steps - 1)
  return {
    torch: torch.version,
    ...{ ownMilliseconds: perStep('own'), torchMilliseconds: perStep('other') },
    ...{ byClock: speed('seconds'), byProcessor: speed('processor') },
    lossDisagreement: Math.abs(pairs[0].own.loss - pairs[0].other.loss),
  }
}

const engine = createEngine({ threads, workers: 1 })
const small = customised(512, 32)
const world = {}
for (const precision of ['float32', 'float64']) {
  const options = { ...small, order: 'as-given', steps: 300, learningRate: 0.01, precision }
  await fitAttributionHead({ engine, ...options, steps: 2 })
  const { seconds, processor } = await timed(() => fitAttributionHead({ engine, ...options }))
  world[precision] = { seconds, processor }
  const each = `${seconds.toFixed(2)} s, ${processor.toFixed(2)} core-s`
  console.log(`512 models x 8, 32 columns, 300 steps, ${precision}: ${each}`)
}

const data = customised(models, columns)
const beside = await besideTorch(data)
if (beside) {
  const { torch, ownMilliseconds, torchMilliseconds, byClock, byProcessor } = beside
  console.log(
    `a step of ${columns} -> ${columns}: ${ownMilliseconds.toFixed(1)} ms, PyTorch ${torch} ${torchMilliseconds.toFixed(1)} ms: ` +
      `${byClock.toFixed(2)} x its speed, ${byProcessor.toFixed(2)} x by core time`,
  )
} else {
  console.log('PyTorch left out: name a Python that has it in ASSAY_BENCH_PYTHON.')
}

const whole = await timed(() =>
  fitAttributionHead({ engine, ...data, ...settings, batchSize, epochs }),
)
const made = whole.result.steps.length
console.log(
  `${models * copies} pairs, ${epochs} epochs, ${made} steps: ${whole.seconds.toFixed(1)} s, ${whole.processor.toFixed(1)} core-s; ` +
    `contrastive ${whole.result.steps[0].contrastive.toFixed(3)} to ${whole.result.steps.at(-1).contrastive.toFixed(3)}`,
)

const { head } = whole.result
const opened = await openHead({ head, side: 'synthetic', engine })
const mapped = await timed(() => opened.map(data.queries))
await opened.close()
await engine.close()
const few = createMatrix({ data: data.queries.data.subarray(0, 2000 * columns), columns })
const applied = await timed(async () => applyHead({ head, side: 'synthetic', features: few }))
const rows = { engine: data.queries.rows / mapped.seconds, thread: few.rows / applied.seconds }
console.log(
  `rows through the head: ${rows.engine.toFixed(0)} a second on the engine, ${rows.thread.toFixed(0)} by applyHead`,
)

const targets = {
  '300 steps of the small world in at most 3 s': world.float32.seconds <= 3,
  [`${models * copies} pairs, ${epochs} epochs in at most 60 s`]: whole.seconds <= 60,
  ...(beside && { 'at least 0.8 x the speed of PyTorch': beside.byClock >= 0.8 }),
}
for (const [name, met] of Object.entries(targets)) console.log(`${met ? 'met ' : 'MISS'} ${name}`)
console.log(
  JSON.stringify({
    bench: 'attribution-head',
    ...{ models, copies, columns, epochs, threads, world, beside, rows, targets },
    seconds: whole.seconds,
    processor: whole.processor,
  }),
)

/**
 * One epoch of InfoNCE with two affine heads and Adam: `fit` against the same step written by hand, run
 * bare through onnxruntime-node in a worker and in this very thread, taking turns; compared by the
 * median of the ratios of rounds. Every time counts from writing and opening the graph to the last loss.
 * TensorFlow.js on WebAssembly makes a few steps of its own beside it.
 *
 *   node infonce-epoch.mjs [--rows 20000] [--columns 512] [--batch 512] [--threads 2] [--rounds 9]
 */
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { createRandom } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { gemm, l2Normalize } from '@assay/tensor/graph'
import { adam, fit, infoNce, shuffledBatches } from '@assay/tensor/train'
import { openByHand } from './infonce-session.mjs'
import { openTfjs } from './infonce-tfjs.mjs'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '20000' },
    columns: { type: 'string', default: '512' },
    batch: { type: 'string', default: '512' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    'tfjs-steps': { type: 'string', default: '3' },
  },
})
const [rows, columns, batchSize, threads, rounds, tfjsSteps] = [
  ...[flags.rows, flags.columns, flags.batch, flags.threads, flags.rounds, flags['tfjs-steps']],
].map(Number)
const target = 1.15
const settings = { columns, temperature: 0.07, learningRate: 1e-3, threads }

/** Pairs of rows: the synthetic one is the real one, rotated by a fixed turn and disturbed. */
function pairs() {
  const { uniform } = createRandom(1)
  const noise = () => uniform() + uniform() + uniform() - 1.5
  const real = Float32Array.from({ length: rows * columns }, noise)
  const synthetic = real.map((_, at) => {
    const turned = at - (at % columns) + ((at + 1) % columns)
    return 0.7 * real[at] + 0.7 * real[turned] + noise()
  })
  return { real, synthetic }
}

const tensor = (data) => ({ type: 'float32', dims: [rows, columns], data })
const { real, synthetic } = pairs()
const batches = () =>
  shuffledBatches({
    rows: { real: tensor(real), synthetic: tensor(synthetic) },
    batchSize,
    seed: 1,
  })
const arrays = (batch) => ({ real: batch.real.data, synthetic: batch.synthetic.data })

function affineHead() {
  const weight = new Float32Array(columns ** 2)
  for (let at = 0; at < weight.length; at += columns + 1) weight[at] = 1
  return {
    weight: { type: 'float32', dims: [columns, columns], data: weight },
    bias: { type: 'float32', dims: [columns], data: new Float32Array(columns) },
  }
}

async function byFit(engine) {
  const [one, other] = [affineHead(), affineHead()]
  const { losses } = await fit({
    engine,
    parameters: {
      realWeight: one.weight,
      realBias: one.bias,
      syntheticWeight: other.weight,
      syntheticBias: other.bias,
    },
    batches: batches(),
    transferBatches: true,
    loss: ({ parameters: p, batch }) => {
      const head = (x, weight, bias) => l2Normalize(gemm(x, weight, { transposeB: true, bias }))
      const u = head(batch.real, p.realWeight, p.realBias)
      const v = head(batch.synthetic, p.syntheticWeight, p.syntheticBias)
      return infoNce(v, u, { temperature: settings.temperature })
    },
    optimizer: adam({ learningRate: settings.learningRate }),
  })
  return losses
}

async function inThisThread() {
  const session = await openByHand(settings)
  const losses = []
  for (const batch of batches()) losses.push(await session.step(arrays(batch)))
  await session.close()
  return losses
}

/** A worker that holds session and parameters; a batch goes in, its loss comes out. */
async function inWorker(worker) {
  const ask = (message, transfer) => {
    worker.postMessage(message, transfer)
    return new Promise((resolve) => worker.once('message', resolve))
  }
  await ask({ open: settings })
  const losses = []
  for (const batch of batches()) {
    const posted = arrays(batch)
    const moved = Object.values(posted).map((data) => data.buffer)
    losses.push((await ask({ batch: posted }, moved)).loss)
  }
  await ask({ close: true })
  return losses
}

async function byTfjs() {
  const model = await openTfjs(settings)
  const times = []
  const losses = []
  for (const batch of batches()) {
    const began = performance.now()
    losses.push(await model.step(arrays(batch)))
    times.push(performance.now() - began)
    if (losses.length > tfjsSteps) break
  }
  return { losses, milliseconds: median(times.slice(1)) }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
const farthest = (losses, others) =>
  Math.max(...losses.map((loss, step) => Math.abs(loss - others[step])))

const engine = createEngine({ threads, workers: 1 })
const worker = new Worker(new URL('./infonce-worker.mjs', import.meta.url))
const contenders = {
  fit: () => byFit(engine),
  'by hand, bare, in a worker': () => inWorker(worker),
  'by hand, bare, in this thread': inThisThread,
}
const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
const processor = structuredClone(times)
const losses = {}
for (let round = 0; round <= rounds; round++) {
  for (const [name, call] of Object.entries(contenders)) {
    await setTimeout(50)
    const [began, used] = [performance.now(), process.cpuUsage()]
    losses[name] = await call()
    const { user, system } = process.cpuUsage(used)
    if (round === 0) continue
    times[name].push(performance.now() - began)
    processor[name].push((user + system) / 1000)
  }
}
await engine.close()
await worker.terminate()
const tfjs = await byTfjs()

const steps = losses.fit.length
const ratios = ({ fit: own, ...others }) =>
  Object.values(others).map((other) => median(own.map((time, round) => time / other[round])))
const [overWorker, overThread] = ratios(times)
const [processorOverWorker, processorOverThread] = ratios(processor)
const perStep = median(times.fit) / steps
const disagreement = Math.max(
  farthest(losses.fit, losses['by hand, bare, in a worker']),
  farthest(tfjs.losses, losses.fit),
)
const targets = {
  [`fit <= ${target} x by hand in a worker`]: overWorker <= target,
  'same losses within 1e-3': disagreement <= 1e-3,
}

console.log(`${rows} x ${columns} pairs, ${steps} steps of ${batchSize}, ${threads} threads`)
for (const [name, own] of Object.entries(times)) {
  const each = (median(own) / steps).toFixed(2)
  const cores = (median(processor[name]) / steps).toFixed(2)
  console.log(`${name.padEnd(30)}${each.padStart(8)} ms a step, ${cores} core-ms`)
}
const say = (name, byClock, byProcessor) =>
  console.log(`${name}${byClock.toFixed(3)} x by the clock, ${byProcessor.toFixed(3)} x core time`)
say('fit over by hand in a worker:      ', overWorker, processorOverWorker)
say('fit over by hand in this thread:   ', overThread, processorOverThread)
console.log(
  `tfjs-wasm: ${tfjs.milliseconds.toFixed(0)} ms a step, ${(tfjs.milliseconds / perStep).toFixed(1)} x fit`,
)
console.log(
  `loss ${losses.fit[0].toFixed(4)} to ${losses.fit.at(-2).toFixed(4)}; largest disagreement ${disagreement.toExponential(1)}`,
)
for (const [name, met] of Object.entries(targets)) console.log(`${met ? 'met ' : 'MISS'} ${name}`)
console.log(
  JSON.stringify({
    bench: 'infonce-epoch',
    settings: { rows, batchSize, rounds, ...settings },
    milliseconds: Object.fromEntries(Object.entries(times).map(([k, v]) => [k, median(v)])),
    overWorker,
    overThread,
    processorOverWorker,
    processorOverThread,
    tfjsMillisecondsPerStep: tfjs.milliseconds,
    tfjsOverFit: tfjs.milliseconds / perStep,
    disagreement,
    targets,
  }),
)

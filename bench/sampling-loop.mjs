/**
 * What the sampling loop of @assay/diffusion costs beside the model's own calls: the time of a whole run
 * over the time of the `session.run` calls in it, and over the same number of bare calls, interleaved;
 * medians of ratios. Over two models: the built-in tiny diffusion without guidance, and a network over
 * pixels with as many multiplications a picture but a quarter of its time, or less, a call.
 *
 *   node sampling-loop.mjs [--pictures 4] [--steps 20] [--width 64] [--layers 32] [--rounds 9]
 */
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createRandom } from '@assay/core'
import {
  cleanPrediction,
  modelCoefficients,
  modelInput,
  readScheduler,
  sample,
} from '@assay/diffusion'
import { clamp, createGraph, matMul } from '@assay/tensor/graph'
import { tinyDiffusion } from '@assay/tiny-world'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const { values: flags } = parseArgs({
  options: {
    pictures: { type: 'string', default: '4' },
    steps: { type: 'string', default: '20' },
    width: { type: 'string', default: '64' },
    layers: { type: 'string', default: '32' },
    rounds: { type: 'string', default: '9' },
    threads: { type: 'string', default: '2' },
  },
})
const { pictures, steps, width, layers, rounds, threads } = Object.fromEntries(
  Object.entries(flags).map(([name, value]) => [name, Number(value)]),
)
const [channels, pixels] = [3, 32 * 32]

/** Layers of matrix products over the channels of each pixel. */
function network() {
  const { normal } = createRandom('sampling-loop')
  const graph = createGraph()
  const weights = (outputs, inputs) =>
    graph.constant({
      type: 'float32',
      dims: [outputs, inputs],
      data: Float32Array.from({ length: outputs * inputs }, () => normal() / Math.sqrt(inputs)),
    })
  const state = graph.input('sample', 'float32', ['pictures', channels, pixels])
  let hidden = matMul(weights(width, channels), state)
  for (let layer = 0; layer < layers; layer++) {
    hidden = clamp(matMul(weights(width, width), hidden), { minimum: -1, maximum: 1 })
  }
  graph.output('out_sample', matMul(weights(channels, width), hidden))
  return graph.toBytes()
}

const options = { intraOpNumThreads: threads, interOpNumThreads: 1 }
const seeds = Array.from({ length: pictures }, (_, row) => row)
const input = Float32Array.from({ length: pictures * channels * pixels }, (_, at) => Math.sin(at))
const float32 = (data, ...dims) => new Tensor('float32', data, dims)

/** The built-in network, whose prompt is the same at every call. */
async function builtIn() {
  const session = await InferenceSession.create(`${tinyDiffusion}/unet/model.onnx`, options)
  const condition = float32(
    Float32Array.from({ length: pictures * 20 * 128 }, (_, at) => Math.cos(at)),
    ...[pictures, 20, 128],
  )
  return (data, timestep) =>
    session.run({
      sample: float32(data, pictures, channels, 32, 32),
      timestep: float32(new Float32Array(pictures).fill(timestep), pictures),
      encoder_hidden_states: condition,
    })
}

async function small() {
  const session = await InferenceSession.create(network(), options)
  return (data) => session.run({ sample: float32(data, pictures, channels, pixels) })
}

/** The model of a run, and the milliseconds that its calls took so far. */
function clocked(model) {
  const clock = { spent: 0 }
  const run = async (data, timestep) => {
    const start = performance.now()
    const { out_sample: output } = await model(data, timestep)
    clock.spent += performance.now() - start
    return output.data
  }
  return { clock, run }
}

/** One batch through the loop. */
function throughLoop(run, config, hook) {
  const schedule = readScheduler(config).schedule({ steps })
  const denoiser = {
    shape: [channels, 32, 32],
    predict: async (call) => {
      const coefficients = modelCoefficients(schedule.parametrization, call)
      const output = await run(modelInput(coefficients, call.state), call.timestep)
      // In the memory of the output, as the pipeline does: nobody else holds it.
      return { clean: cleanPrediction({ coefficients, state: call.state, output, clean: output }) }
    },
  }
  return () => sample({ denoiser, schedule, seeds, ...(hook && { hook }) })
}

const contendersOf = (run) => ({
  /** The same number of calls, and nothing else. */
  bare: async () => {
    for (let step = 0; step < steps; step++) await run(input, 500)
  },
  'flow-matching Euler': throughLoop(run, { _class_name: 'FlowMatchEulerDiscreteScheduler' }),
  'with an idle hook': throughLoop(
    run,
    { _class_name: 'FlowMatchEulerDiscreteScheduler' },
    () => undefined,
  ),
  'DPM++ 2M': throughLoop(run, { _class_name: 'DPMSolverMultistepScheduler' }),
  'Euler ancestral': throughLoop(run, { _class_name: 'EulerAncestralDiscreteScheduler' }),
  'DDPM, thresholding': throughLoop(run, { _class_name: 'DDPMScheduler', thresholding: true }),
})

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** Milliseconds of one run and of its model calls, after the threads of what ran before went to rest. */
async function time(call, clock) {
  await setTimeout(30)
  clock.spent = 0
  const start = performance.now()
  await call()
  return { whole: performance.now() - start, model: clock.spent }
}

async function measure(model) {
  const { clock, run } = clocked(model)
  const contenders = contendersOf(run)
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, call] of Object.entries(contenders)) {
      const elapsed = await time(call, clock)
      if (round > 0) times[name].push(elapsed)
    }
  }
  const { bare, ...loops } = times
  const ratios = Object.entries(loops).map(([name, runs]) => [
    name,
    {
      overOwnCalls: median(runs.map(({ whole, model: calls }) => whole / calls)),
      overBare: median(runs.map(({ whole }, round) => whole / bare[round].whole)),
    },
  ])
  return {
    bareMilliseconds: median(bare.map(({ whole }) => whole)),
    ratios: Object.fromEntries(ratios),
  }
}

console.log(`${pictures} pictures of 3 x 32 x 32, ${steps} steps, ${threads} threads`)
const measured = {
  'tiny diffusion': await measure(await builtIn()),
  'small network': await measure(await small()),
}
for (const [name, { bareMilliseconds, ratios }] of Object.entries(measured)) {
  console.log(`${name}: bare session.run x ${steps}: ${bareMilliseconds.toFixed(1)} ms`)
  for (const [loop, { overOwnCalls, overBare }] of Object.entries(ratios)) {
    const [own, plain] = [overOwnCalls, overBare].map((ratio) => ratio.toFixed(3))
    console.log(`  ${loop.padEnd(20)} ${own} x its model calls, ${plain} x bare`)
  }
}
// The two last draw as many normal numbers at each call as there are values: their mathematics, not the loop.
const loops = ['flow-matching Euler', 'with an idle hook', 'DPM++ 2M']
const met = Object.values(measured).every(({ ratios }) =>
  loops.every((name) => ratios[name].overOwnCalls <= 1.05),
)
console.log(`target: ${loops.join(', ')} at most 1.05 x the model calls: ${met ? 'met' : 'missed'}`)
console.log(JSON.stringify({ bench: 'sampling-loop', pictures, steps, measured, met }))

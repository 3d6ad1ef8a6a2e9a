/**
 * What the sampling loop of @assay/diffusion costs beside the model's own calls: the time of a whole run
 * over the time of the `session.run` calls in it, and over the same number of bare calls, interleaved;
 * medians of ratios. The model is a network over pixels with as many multiplications a picture as the
 * built-in tiny diffusion.
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

const session = await InferenceSession.create(network(), {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
})
let inModel = 0
const run = async (data) => {
  const tensor = new Tensor('float32', data, [pictures, channels, pixels])
  const start = performance.now()
  const { out_sample: output } = await session.run({ sample: tensor })
  inModel += performance.now() - start
  return output.data
}
const seeds = Array.from({ length: pictures }, (_, row) => row)

/** One batch through the loop. */
function throughLoop(config, hook) {
  const schedule = readScheduler(config).schedule({ steps })
  const denoiser = {
    shape: [channels, 32, 32],
    predict: async (call) => {
      const coefficients = modelCoefficients(schedule.parametrization, call)
      const output = await run(modelInput(coefficients, call.state))
      // In the memory of the output, as the pipeline does: nobody else holds it.
      return { clean: cleanPrediction({ coefficients, state: call.state, output, clean: output }) }
    },
  }
  return () => sample({ denoiser, schedule, seeds, ...(hook && { hook }) })
}

/** The same number of calls, and nothing else. */
const input = Float32Array.from({ length: pictures * channels * pixels }, (_, at) => Math.sin(at))
const bare = async () => {
  for (let step = 0; step < steps; step++) await run(input)
}

const contenders = {
  'flow-matching Euler': throughLoop({ _class_name: 'FlowMatchEulerDiscreteScheduler' }),
  'with an idle hook': throughLoop(
    { _class_name: 'FlowMatchEulerDiscreteScheduler' },
    () => undefined,
  ),
  'DPM++ 2M': throughLoop({ _class_name: 'DPMSolverMultistepScheduler' }),
  'Euler ancestral': throughLoop({ _class_name: 'EulerAncestralDiscreteScheduler' }),
  'DDPM, thresholding': throughLoop({ _class_name: 'DDPMScheduler', thresholding: true }),
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** Milliseconds of one run and of its model calls, after the threads of what ran before went to rest. */
async function time(call) {
  await setTimeout(30)
  inModel = 0
  const start = performance.now()
  await call()
  return { whole: performance.now() - start, model: inModel }
}

const times = Object.fromEntries(['bare', ...Object.keys(contenders)].map((name) => [name, []]))
for (let round = 0; round <= rounds; round++) {
  for (const [name, call] of Object.entries({ bare, ...contenders })) {
    const elapsed = await time(call)
    if (round > 0) times[name].push(elapsed)
  }
}
const ratios = Object.fromEntries(
  Object.keys(contenders).map((name) => [
    name,
    {
      overOwnCalls: median(times[name].map(({ whole, model }) => whole / model)),
      overBare: median(times[name].map(({ whole }, round) => whole / times.bare[round].whole)),
    },
  ]),
)
const met = ['flow-matching Euler', 'with an idle hook'].every(
  (name) => ratios[name].overOwnCalls <= 1.05,
)

console.log(`${pictures} pictures of 3 x 32 x 32, ${steps} steps, ${threads} threads`)
console.log(
  `bare session.run x ${steps}: ${median(times.bare.map(({ whole }) => whole)).toFixed(1)} ms`,
)
for (const [name, { overOwnCalls, overBare }] of Object.entries(ratios)) {
  console.log(
    `${name.padEnd(20)} ${overOwnCalls.toFixed(3)} x its model calls, ${overBare.toFixed(3)} x bare`,
  )
}
console.log(
  `target: at most 1.05 x its model calls, also with an idle hook: ${met ? 'met' : 'missed'}`,
)
console.log(JSON.stringify({ bench: 'sampling-loop', pictures, steps, ratios, met }))

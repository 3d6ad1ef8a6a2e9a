/**
 * Pictures a second of the built-in tiny diffusion through `openPipeline`, with guidance, and what the
 * pipeline costs beside the bare `session.run` calls on the same rows, interleaved; medians.
 *
 *   node tiny-diffusion.mjs [--pictures 8] [--steps 20] [--batch 4] [--threads 2] [--rounds 5]
 */
import { parseArgs } from 'node:util'
import { openPipeline } from '@assay/diffusion'
import { createEngine } from '@assay/tensor'
import { tinyDiffusion } from '@assay/tiny-world'

const { values: flags } = parseArgs({
  options: {
    pictures: { type: 'string', default: '8' },
    steps: { type: 'string', default: '20' },
    batch: { type: 'string', default: '4' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
  },
})
const { pictures, steps, batch, threads, rounds } = Object.fromEntries(
  Object.entries(flags).map(([name, value]) => [name, Number(value)]),
)
const wanted = 3
const guidanceScale = 2

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
const seconds = async (work) => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

const engine = createEngine({ threads })
const pipeline = await openPipeline({ folder: tinyDiffusion, engine, steps, batchSize: batch })
const bare = await engine.open({ path: `${tinyDiffusion}/unet/model.onnx` })

async function draw() {
  const request = { prompt: 'a picture of a frog', count: pictures, seed: 1, guidanceScale }
  for await (const _ of pipeline.generate(request));
}

async function run() {
  const rows = 2 * batch
  const tensor = (...dims) => ({
    type: 'float32',
    dims,
    data: new Float32Array(dims.reduce((a, b) => a * b, 1)),
  })
  for (let call = 0; call < (steps * pictures) / batch; call++) {
    await bare.run({
      sample: tensor(rows, 3, 32, 32),
      timestep: tensor(rows),
      encoder_hidden_states: tensor(rows, 20, 128),
    })
  }
}

await draw()
await run()
const speeds = []
const ratios = []
for (let round = 0; round < rounds; round++) {
  const [whole, calls] = [await seconds(draw), await seconds(run)]
  speeds.push(pictures / whole)
  ratios.push(whole / calls)
}
await pipeline.close()
await bare.close()
await engine.close()
const picturesPerSecond = median(speeds)
console.log(
  JSON.stringify({
    bench: 'tiny-diffusion',
    ...{ pictures, steps, guidanceScale, batch, threads },
    picturesPerSecond: Number(picturesPerSecond.toFixed(2)),
    wanted,
    reached: picturesPerSecond >= wanted,
    overBareRuns: Number(median(ratios).toFixed(3)),
  }),
)

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DenoisingStep, Tensor } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { afterAll, describe, expect, it } from 'vitest'
import { tinyDenoiser } from '../__fixtures__/tiny-graphs.js'
import { stableDiffusion15, writePipeline } from '../__fixtures__/tiny-pipelines.js'
import { watchedEngine } from '../__fixtures__/watched-engine.js'
import { openPipeline } from '../open-pipeline.js'

const root = mkdtempSync(join(tmpdir(), 'assay-parametrizations-'))
const engine = createEngine({ threads: 1 })

afterAll(async () => {
  await engine.close()
  rmSync(root, { recursive: true, force: true })
})

interface Call {
  readonly fed: ArrayLike<number>
  readonly given: ArrayLike<number>
  readonly step: DenoisingStep
}

const floats = (tensor: Tensor | undefined): Float32Array => {
  if (tensor?.type === 'float32') return tensor.data
  throw new Error('no float32')
}

/** What the model was fed and gave, and what the hook saw, at every call of an unguided run. */
async function calls(name: string, scheduler: object): Promise<Call[]> {
  const files = {
    ...stableDiffusion15(),
    'unet/model.onnx': tinyDenoiser({
      ...{ seed: 5, channels: 4, tokens: 77, width: 6, floats: 'float32', state: 'sample' },
      ...{ timestep: { type: 'float32', shape: [] }, prediction: 'out_sample', others: [] },
    }),
    'scheduler/scheduler_config.json': scheduler,
  }
  const runs: Omit<Call, 'step'>[] = []
  const watching = watchedEngine(
    engine,
    () => {},
    ({ part, feeds }, outputs) => {
      if (part !== 'unet') return
      runs.push({ fed: floats(feeds['sample']), given: floats(outputs['out_sample']).slice() })
    },
  )
  const pipeline = await openPipeline({
    folder: writePipeline(join(root, name), files),
    engine: watching,
  })
  const steps: DenoisingStep[] = []
  const hook = (step: DenoisingStep) => {
    steps.push(step)
    return undefined
  }
  const size = { width: 16, height: 16 }
  const request = { prompt: 'cat', count: 1, seed: 3, steps: 3, guidanceScale: 1, hook, ...size }
  for await (const _ of pipeline.generate(request));
  await pipeline.close()
  return runs.flatMap((run, at) => {
    const step = steps[at]
    return step === undefined ? [] : [{ ...run, step }]
  })
}

const discrete = (prediction_type: string) => ({
  _class_name: 'EulerDiscreteScheduler',
  ...{ beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012, prediction_type },
})

/** x0 from the state and the output, and the model's input, both by the papers' formulas; sigma = s here. */
type Formula = (x: number, output: number, sigma: number) => number

const cases: readonly [string, object, Formula, (sigma: number) => number][] = [
  [
    'epsilon',
    discrete('epsilon'),
    (x, e, sigma) => x - sigma * e,
    (sigma) => 1 / Math.hypot(1, sigma),
  ],
  [
    'v_prediction',
    discrete('v_prediction'),
    (x, v, sigma) => x / (sigma ** 2 + 1) - (v * sigma) / Math.sqrt(sigma ** 2 + 1),
    (sigma) => 1 / Math.hypot(1, sigma),
  ],
  ['sample', discrete('sample'), (_, output) => output, (sigma) => 1 / Math.hypot(1, sigma)],
  [
    'edm',
    { _class_name: 'EDMEulerScheduler', sigma_data: 0.5 },
    (x, f, sigma) =>
      (0.25 * x) / (sigma ** 2 + 0.25) + (sigma * 0.5 * f) / Math.sqrt(sigma ** 2 + 0.25),
    (sigma) => 1 / Math.hypot(0.5, sigma),
  ],
  [
    'flow',
    { _class_name: 'FlowMatchEulerDiscreteScheduler', shift: 3 },
    (x, v, time) => x - time * v,
    () => 1,
  ],
]

describe('a model through a pipeline', () => {
  it.each(cases)('is fed and read as its papers say: %s', async (name, scheduler, clean, scale) => {
    const seen = await calls(name, scheduler)
    expect(seen).toHaveLength(3)
    for (const { fed, given, step } of seen) {
      const [state, prediction] = [floats(step.state), floats(step.prediction)]
      const level = step.noiseCoefficient
      const size = Math.max(1, ...prediction.map(Math.abs))
      for (const [at, x] of state.entries()) {
        expect(Math.abs((fed[at] ?? Number.NaN) - scale(level) * x)).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(x)),
        )
        const wanted = clean(x, given[at] ?? Number.NaN, level)
        expect(Math.abs((prediction[at] ?? Number.NaN) - wanted)).toBeLessThan(1e-5 * size)
      }
    }
  })
})

import { readFileSync } from 'node:fs'
import { parseNpy } from '@assay/core/formats'
import { describe, expect, it } from 'vitest'
import { assayData } from '../__fixtures__/assay-data.js'
import { cleanPrediction } from './clean-prediction.js'
import type { Denoiser } from './denoiser.js'
import { modelCoefficients } from './model-coefficients.js'
import { modelInput } from './model-input.js'
import { parseSchedulerConfig } from './parse-scheduler-config.js'
import { readScheduler } from './read-scheduler.js'
import { sample } from './sample.js'
import type { Schedule } from './schedule.js'

/** What the real diffusers gave: see `schedulers/golden.json` of the test data. */
interface GoldenCase {
  readonly scheduler: string
  readonly config: Record<string, unknown>
  readonly steps: number
  readonly step_options: { readonly eta?: number }
  readonly timesteps: readonly number[]
  readonly init_noise_sigma: number
  readonly trajectory: readonly (readonly number[])[]
}

const folder = assayData('schedulers')

const values = (name: string): Float32Array => {
  const tensor = parseNpy(readFileSync(`${folder}/${name}`))
  if (!(tensor.data instanceof Float32Array)) throw new TypeError(`${name} is not float32`)
  return tensor.data
}

/** The closed-form model that the trajectories were made with, as any network would be wrapped. */
function goldenModel({ parametrization }: Schedule): Denoiser {
  return {
    shape: [3, 4, 4],
    predict: async (call) => {
      const coefficients = modelCoefficients(parametrization, call)
      const output = modelInput(coefficients, call.state).map(
        (x) => Math.tanh(0.7 * x) * Math.cos(call.timestep / 300) + 0.05 * x,
      )
      return { clean: cleanPrediction({ coefficients, state: call.state, output }) }
    },
  }
}

/** Largest difference from the reference, relative to the reference's largest value. */
function relativeError(got: ArrayLike<number>, wanted: readonly number[]): number {
  const scale = Math.max(...wanted.map(Math.abs))
  return Math.max(...wanted.map((value, at) => Math.abs(value - (got[at] ?? Number.NaN)))) / scale
}

const golden = (path: string) =>
  parseSchedulerConfig(readFileSync(path, 'utf8')) as { cases: Record<string, GoldenCase> }
const cases = folder === null ? {} : golden(`${folder}/golden.json`).cases

describe.skipIf(folder === null)('trajectories of the real diffusers', () => {
  it.each(Object.entries(cases))('are met after every model call: %s', async (_name, expected) => {
    const { steps, timesteps, trajectory } = expected
    const scheduler = readScheduler({ _class_name: expected.scheduler, ...expected.config })
    const schedule = scheduler.schedule({ steps, ...expected.step_options })
    const length = 48
    const initial = values('initial.npy')
    const noise = values('noise.npy')
    const states: ArrayLike<number>[] = []
    const { state } = await sample({
      denoiser: goldenModel(schedule),
      schedule,
      // Row numbers, by which the stored noise is found.
      seeds: [0, 1],
      noise: (row, draw) =>
        draw === 0
          ? initial.slice(row * length, (row + 1) * length)
          : noise.slice(((draw - 1) * 2 + row) * length, ((draw - 1) * 2 + row + 1) * length),
      hook: (step) => {
        states.push(Float32Array.from(step.state.data as Float32Array))
        return undefined
      },
    })
    expect(
      relativeError(
        schedule.calls.map((call) => call.timestep),
        timesteps,
      ),
    ).toBeLessThan(1e-5)
    expect(schedule.initialScale / expected.init_noise_sigma - 1).toBeCloseTo(0, 5)
    expect(schedule.calls.length).toBe(trajectory.length)
    const errors = trajectory.map((wanted, at) => relativeError(states[at + 1] ?? state, wanted))
    expect(Math.max(...errors)).toBeLessThan(1e-4)
  })
})

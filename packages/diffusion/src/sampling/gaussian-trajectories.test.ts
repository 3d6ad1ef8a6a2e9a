import { describe, expect, it } from 'vitest'
import { gaussianDenoiser } from './__fixtures__/gaussian-denoiser.js'
import oracle from './gaussian-trajectories.oracle.json' with { type: 'json' }
import { float64 } from './precision.js'
import { readScheduler } from './read-scheduler.js'
import { sampleIn } from './sample-in.js'

const { mean, variance, noise, cases } = oracle
const names = cases.map((one) => [`${one.scheduler} ${JSON.stringify(one.config)}`, one] as const)

describe('closed forms of Gaussian data in float64', () => {
  it.each(names)(
    'are met to 1e-9: %s',
    async (_name, { scheduler, config, steps, eta, ...wanted }) => {
      const schedule = readScheduler({ _class_name: scheduler, ...config }).schedule({ steps, eta })
      const { state } = await sampleIn(float64, {
        denoiser: gaussianDenoiser(float64, { mean, variance }),
        schedule,
        seeds: [0, 1],
        noise: (row, draw, length) =>
          Float32Array.from(noise[draw]?.slice(row * length, (row + 1) * length) ?? []),
      })
      const timesteps = schedule.calls.map((call) => call.timestep)
      expect(timesteps).toHaveLength(wanted.timesteps.length)
      for (const [at, timestep] of timesteps.entries()) {
        expect(timestep).toBeCloseTo(wanted.timesteps[at] ?? Number.NaN, 9)
      }
      for (const [at, value] of state.entries()) {
        const reference = wanted.final[at] ?? Number.NaN
        expect(Math.abs(value - reference)).toBeLessThan(1e-9 * Math.max(1, Math.abs(reference)))
      }
    },
  )
})

/** Largest error against the probability flow's own end, which is known for Gaussian data. */
async function flowError(className: string, config: object, steps: number): Promise<number> {
  const schedule = readScheduler({ _class_name: className, ...config }).schedule({ steps })
  const { state } = await sampleIn(float64, {
    denoiser: gaussianDenoiser(float64, { mean, variance }),
    schedule,
    seeds: [0],
    noise: (_seed, _draw, length) => Float32Array.from(noise[0]?.slice(0, length) ?? []),
  })
  const first = schedule.calls[0]!
  const errors = Array.from(state, (value, at) => {
    const [m, v, start] = [mean[at]!, variance[at]!, schedule.initialScale * noise[0]![at]!]
    const { signalCoefficient: a, noiseCoefficient: s } = first
    const exact = m + ((start - a * m) * Math.sqrt(v)) / Math.sqrt(a * a * v + s * s)
    return Math.abs(value - exact)
  })
  return Math.max(...errors)
}

describe('the exact probability flow', () => {
  const karras = { use_karras_sigmas: true, timestep_spacing: 'linspace' }
  it.each([
    ['EulerDiscreteScheduler', karras, 1],
    ['EDMEulerScheduler', {}, 1],
    ['FlowMatchEulerDiscreteScheduler', { shift: 3, num_train_timesteps: 100_000 }, 1],
    // The last step, from the smallest sigma to 0, is Euler's: small enough not to show.
    ['HeunDiscreteScheduler', { ...karras, sigma_min: 1e-4 }, 2],
    ['DPMSolverMultistepScheduler', karras, 2],
  ])('is neared by %s %j with order %d', async (className, config, order) => {
    const coarse = await flowError(className, config, 50)
    const fine = await flowError(className, config, 100)
    // Doubling the steps divides the error by 2^order.
    expect(Math.abs(Math.log2(coarse / fine) - order)).toBeLessThan(0.2)
  })
})

import { createMatrix, createRandom } from '@assay/core'
import {
  cleanPrediction,
  type Denoiser,
  modelCoefficients,
  readScheduler,
  sample,
} from '@assay/diffusion'
import { createShield, referencesInMemory } from '@assay/repellency'
import { describe, expect, it } from 'vitest'

// Six points that the model knows by heart, three of them protected.
const dimensions = 24
const { normal } = createRandom('points')
const points = Array.from({ length: 6 }, () => Array.from({ length: dimensions }, normal))
const references = referencesInMemory(createMatrix({ data: points.slice(0, 3) }))
const seeds = Array.from({ length: 16 }, (_, seed) => seed)
const radius = 2

/** E[x0 | x = a x0 + s e], the mean of the points by their likelihood. */
function expected(state: Float32Array, a: number, s: number): Float64Array {
  const logs = points.map(
    (point) =>
      -point.reduce((sum, value, at) => sum + ((state[at] ?? 0) - a * value) ** 2, 0) / (2 * s * s),
  )
  const highest = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - highest))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return Float64Array.from({ length: dimensions }, (_, at) =>
    points.reduce((sum, point, row) => sum + ((weights[row] ?? 0) / total) * (point[at] ?? 0), 0),
  )
}

const schedulerOf = (config: Readonly<Record<string, unknown>>) => readScheduler(config)
const trained = {
  ...{ beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' },
  ...{ clip_sample: false, set_alpha_to_one: true, steps_offset: 1 },
}

/** Pictures of one model that answers as its scheduler's parametrisation says, with or without a shield. */
async function draw(config: Readonly<Record<string, unknown>>, isShielded: boolean) {
  const scheduler = schedulerOf(config)
  const schedule = scheduler.schedule({ steps: 32 })
  const denoiser: Denoiser = {
    shape: [dimensions],
    async predict({ state, rows, signalCoefficient, noiseCoefficient }) {
      const level = { signalCoefficient, noiseCoefficient }
      const coefficients = modelCoefficients(schedule.parametrization, level)
      const clean = new Float32Array(state.length)
      for (let row = 0; row < rows; row += 1) {
        const own = state.subarray(row * dimensions, (row + 1) * dimensions)
        const ideal = expected(own, signalCoefficient, noiseCoefficient)
        // What a network of this parametrisation would have said, in float32, and what it means.
        const output = Float32Array.from(
          ideal,
          (value, at) => (value - coefficients.state * (own[at] ?? 0)) / coefficients.output,
        )
        clean.set(cleanPrediction({ coefficients, state: own, output }), row * dimensions)
      }
      return { clean }
    },
  }
  const shield = createShield({ references, radius, overcompensation: 1.6 })
  const { state } = await sample({
    ...{ denoiser, schedule, seeds },
    ...(isShielded && { hook: shield.hook }),
  })
  return seeds.map((_, row) => state.subarray(row * dimensions, (row + 1) * dimensions))
}

const distance = (one: ArrayLike<number>, other: ArrayLike<number>) =>
  Math.hypot(...Array.from(one, (value, at) => value - (other[at] ?? 0)))

const insideOf = (pictures: readonly Float32Array[]) =>
  pictures.filter((picture) => points.slice(0, 3).some((point) => distance(point, picture) < 1.99))
    .length

describe('a shield in samplers of every parametrisation', () => {
  const ddim = { _class_name: 'DDIMScheduler', ...trained }
  it('draws the same from noise, velocity and sample predictions', async () => {
    const [epsilon, velocity, clean] = await Promise.all(
      ['epsilon', 'v_prediction', 'sample'].map((prediction_type) =>
        draw({ ...ddim, prediction_type }, true),
      ),
    )
    for (const [row, picture] of (epsilon ?? []).entries()) {
      const scale = Math.hypot(...picture)
      expect(distance(picture, velocity?.[row] ?? []) / scale).toBeLessThan(1e-3)
      expect(distance(picture, clean?.[row] ?? []) / scale).toBeLessThan(1e-3)
    }
  })

  it.each([
    { ...ddim, prediction_type: 'epsilon' },
    { ...ddim, prediction_type: 'v_prediction' },
    { _class_name: 'EulerDiscreteScheduler', ...trained, prediction_type: 'epsilon' },
    { _class_name: 'HeunDiscreteScheduler', ...trained, prediction_type: 'epsilon' },
    {
      _class_name: 'DPMSolverMultistepScheduler',
      ...trained,
      prediction_type: 'epsilon',
      final_sigmas_type: 'zero',
    },
    { _class_name: 'EulerAncestralDiscreteScheduler', ...trained, prediction_type: 'epsilon' },
    { _class_name: 'FlowMatchEulerDiscreteScheduler', shift: 3 },
    { _class_name: 'EDMEulerScheduler' },
  ])('lets nothing in: %o', async (config) => {
    expect(insideOf(await draw(config, false))).toBeGreaterThan(2)
    expect(insideOf(await draw(config, true))).toBe(0)
  })
})

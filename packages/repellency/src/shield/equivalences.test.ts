import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { showHook } from '../__fixtures__/gaussian-mixture.js'
import { denoise, dimensions, references } from '../__fixtures__/protected-mixture.js'
import { repel } from '../kernel/repel.js'
import { createShield } from './create-shield.js'

const seeds = Array.from({ length: 40 }, (_, seed) => seed)
const levels = Array.from(
  { length: 33 },
  (_, step) => (80 ** (1 / 7) + (step / 32) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7,
)
const settings = { radius: 1, overcompensation: 1.6 }

/** How a model of one parametrisation is fed, read, written to and stepped; sigma is that of x0 + σ e. */
interface Parametrization {
  /** The state a x0 + s e. */
  readonly coefficients: (sigma: number) => { readonly a: number; readonly s: number }
  readonly outputOf: (clean: number, state: number, sigma: number) => number
  readonly cleanOf: (output: number, state: number, sigma: number) => number
  /** What is added to the output, for a prediction that is moved. */
  readonly change: (move: number, sigma: number) => number
}

const explosive = (sigma: number) => ({ a: 1, s: sigma })
const preserving = (sigma: number) => ({
  a: 1 / Math.hypot(1, sigma),
  s: sigma / Math.hypot(1, sigma),
})
const straight = (sigma: number) => ({ a: 1 / (1 + sigma), s: sigma / (1 + sigma) })

const noiseOf = (coefficients: Parametrization['coefficients']): Parametrization => ({
  coefficients,
  outputOf(clean, state, sigma) {
    const { a, s } = coefficients(sigma)
    return (state - a * clean) / s
  },
  cleanOf(output, state, sigma) {
    const { a, s } = coefficients(sigma)
    return (state - s * output) / a
  },
  change(move, sigma) {
    const { a, s } = coefficients(sigma)
    return -(a / s) * move
  },
})

const parametrizations: Readonly<Record<string, Parametrization>> = {
  'noise, variance exploding': noiseOf(explosive),
  'noise, variance preserving': noiseOf(preserving),
  'velocity, variance preserving': {
    coefficients: preserving,
    outputOf(clean, state, sigma) {
      const { a, s } = preserving(sigma)
      return (a * (state - a * clean)) / s - s * clean
    },
    cleanOf(output, state, sigma) {
      const { a, s } = preserving(sigma)
      return a * state - s * output
    },
    change: (move, sigma) => -move / preserving(sigma).s,
  },
  'rectified flow': {
    coefficients: straight,
    outputOf(clean, state, sigma) {
      const { a, s } = straight(sigma)
      return (state - a * clean) / s - clean
    },
    cleanOf: (output, state, sigma) => state - straight(sigma).s * output,
    change: (move, sigma) => -move / straight(sigma).s,
  },
}

/** Steps without noise, the shield's move written back into what the model said, as for a foreign sampler. */
async function drawAs({ coefficients, outputOf, cleanOf, change }: Parametrization) {
  const first = coefficients(80)
  let states = seeds.map((seed) => {
    const { normal } = createRandom(`start ${seed}`)
    return Float64Array.from({ length: dimensions }, () => first.a * 80 * normal())
  })
  for (const [step, sigma] of levels.entries()) {
    const { a } = coefficients(sigma)
    const outputs = states.map((state) => {
      const ideal = denoise(
        state.map((value) => value / a),
        sigma,
      )
      return ideal.map((clean, at) => outputOf(clean, state[at]!, sigma))
    })
    const predictions = outputs.map((output, row) =>
      output.map((value, at) => cleanOf(value, states[row]![at]!, sigma)),
    )
    const moved = await repel(predictions, seeds, { ...settings, references, strict: false })
    const next = levels[step + 1] ?? 0
    const to = coefficients(next)
    states = states.map((state, row) => {
      const prediction = predictions[row]!
      return state.map((value, at) => {
        const move = (moved[row]?.prediction[at] ?? prediction[at]!) - prediction[at]!
        const output = outputs[row]![at]! + (moved[row] ? change(move, sigma) : 0)
        const clean = cleanOf(output, value, sigma)
        const noise = (value - a * clean) / coefficients(sigma).s
        return to.a * clean + to.s * noise
      })
    })
  }
  return states
}

const farthest = (one: readonly Float64Array[], other: readonly Float64Array[]) =>
  Math.max(
    ...one.map((row, at) => Math.max(...row.map((value, k) => Math.abs(value - other[at]![k]!)))),
  )

describe('a shield', () => {
  it('draws the same in every parametrisation', async () => {
    const [reference, ...others] = await Promise.all(Object.values(parametrizations).map(drawAs))
    for (const other of others) expect(farthest(reference!, other)).toBeLessThan(1e-9)
  })

  it('draws the same from a callback after each step as around the denoiser', async () => {
    const shield = createShield({ references, ...settings })
    const draw = async (isCallback: boolean) => {
      let states: readonly Float64Array[] = seeds.map((seed) => {
        const { normal } = createRandom(`start ${seed}`)
        return Float64Array.from({ length: dimensions }, () => 80 * normal())
      })
      for (const [index, sigma] of levels.entries()) {
        const share = (levels[index + 1] ?? 0) / sigma
        const clean = states.map((state) => denoise(state, sigma))
        const call = { index, count: levels.length, timestep: sigma, seeds }
        const shown = isCallback ? clean : await showHook(shield.hook, { states, clean, call })
        const stepped = states.map((state, row) =>
          state.map((value, at) => shown[row]![at]! + share * (value - shown[row]![at]!)),
        )
        states = isCallback ? await corrected(states, stepped, share) : stepped
      }
      return states
    }
    expect(farthest(await draw(false), await draw(true))).toBeLessThan(1e-12)
    expect(shield.pictures.some(({ activeCalls }) => activeCalls > 0)).toBe(true)
  })
})

/** What a callback can do that sees the states before and after a step x' = x0 + q (x - x0). */
async function corrected(
  before: readonly Float64Array[],
  after: readonly Float64Array[],
  share: number,
): Promise<readonly Float64Array[]> {
  const predictions = after.map((state, row) =>
    state.map((value, at) => (value - share * before[row]![at]!) / (1 - share)),
  )
  const moved = await repel(predictions, seeds, { ...settings, references, strict: false })
  return after.map((state, row) => {
    const prediction = moved[row]?.prediction
    if (prediction === undefined) return state
    return state.map(
      (value, at) => value + (1 - share) * (prediction[at]! - predictions[row]![at]!),
    )
  })
}

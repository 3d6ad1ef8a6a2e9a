import type { DenoisingHook, DenoisingStep, Random } from '@assay/core'

/** Gaussians of one spread, whose denoiser is known in closed form. */
export interface GaussianMixture {
  readonly means: readonly Float64Array[]
  readonly spread: number
  /** Weights of the Gaussians. Default: equal. */
  readonly weights?: readonly number[]
}

/** E[x0 | x] for x = x0 + σ e: (s² x + σ² Σ p_i μ_i) / (s² + σ²), p the posterior of the components. */
export function mixtureDenoiser({ means, spread, weights: prior }: GaussianMixture) {
  const logPrior = means.map((_, component) => Math.log(prior?.[component] ?? 1))
  return (state: Float64Array, sigma: number): Float64Array => {
    const variance = spread * spread + sigma * sigma
    const logs = means.map((mean, component) => {
      let square = 0
      for (let at = 0; at < mean.length; at += 1) {
        const difference = state[at]! - mean[at]!
        square += difference * difference
      }
      return logPrior[component]! - square / (2 * variance)
    })
    const highest = Math.max(...logs)
    const weights = logs.map((log) => Math.exp(log - highest))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const clean = new Float64Array(state.length)
    const kept = (spread * spread) / variance
    for (let at = 0; at < clean.length; at += 1) clean[at] = kept * state[at]!
    means.forEach((mean, component) => {
      const share = (sigma * sigma * weights[component]!) / (total * variance)
      if (share === 0) return
      for (let at = 0; at < mean.length; at += 1) clean[at]! += share * mean[at]!
    })
    return clean
  }
}

/** How a batch is drawn: EDM's levels from 80 to .002, ρ = 7; Heun with a last step of Euler, or Euler. */
export interface DrawOptions {
  readonly denoise: (state: Float64Array, sigma: number) => Float64Array
  readonly dimensions: number
  readonly seeds: readonly number[]
  readonly random: Random
  readonly steps?: number
  readonly sampler?: 'heun' | 'euler'
  readonly hook?: DenoisingHook
}

/**
 * Draws a batch in float64, shown to the hook in float64 at every model call. Written for these tests from
 * Karras et al. (2022), algorithm 1, apart from the samplers of `@assay/diffusion`, which this package
 * must not know.
 */
export async function drawBatch(options: DrawOptions): Promise<readonly Float64Array[]> {
  const { denoise, dimensions, seeds, random, steps = 32, sampler = 'heun', hook } = options
  const levels = edmLevels(steps)
  let states: readonly Float64Array[] = seeds.map((seed) => {
    const { normal } = random.fork(`noise ${seed}`)
    const state = new Float64Array(dimensions)
    for (let at = 0; at < dimensions; at += 1) state[at] = levels[0]! * normal()
    return state
  })
  const count = sampler === 'heun' ? 2 * steps - 1 : steps
  let index = 0
  const predict = async (batch: readonly Float64Array[], sigma: number) => {
    const clean = batch.map((state) => denoise(state, sigma))
    const call = { index, count, timestep: sigma, seeds }
    index += 1
    return hook ? showHook(hook, { states: batch, clean, call }) : clean
  }
  for (let step = 0; step < steps; step += 1) {
    const [now, next] = [levels[step]!, levels[step + 1] ?? 0]
    const clean = await predict(states, now)
    if (next === 0) return clean
    const slopes = states.map((state, row) => combine(state, clean[row]!, [1 / now, -1 / now]))
    const moved = states.map((state, row) => combine(state, slopes[row]!, [1, next - now]))
    if (sampler === 'euler') {
      states = moved
      continue
    }
    const corrected = await predict(moved, next)
    const half = (next - now) / 2
    states = states.map((state, row) => {
      const other = combine(moved[row]!, corrected[row]!, [1 / next, -1 / next])
      return combine(combine(state, slopes[row]!, [1, half]), other, [1, half])
    })
  }
  return states
}

function combine(
  one: Float64Array,
  other: Float64Array,
  [ofOne, ofOther]: readonly [number, number],
): Float64Array {
  const sum = new Float64Array(one.length)
  for (let at = 0; at < sum.length; at += 1) sum[at] = ofOne * one[at]! + ofOther * other[at]!
  return sum
}

function edmLevels(steps: number): readonly number[] {
  const [high, low] = [80 ** (1 / 7), 0.002 ** (1 / 7)]
  return [
    ...Array.from(
      { length: steps },
      (_, step) => (high + (step / Math.max(1, steps - 1)) * (low - high)) ** 7,
    ),
    0,
  ]
}

/** What a hook is shown in these tests. */
export interface ShownCall {
  readonly states: readonly Float64Array[]
  readonly clean: readonly Float64Array[]
  readonly call: Pick<DenoisingStep, 'index' | 'count' | 'timestep' | 'seeds'>
}

/** Predictions as a hook leaves them. */
export async function showHook(
  hook: DenoisingHook,
  { states, clean, call }: ShownCall,
): Promise<readonly Float64Array[]> {
  const columns = clean[0]?.length ?? 0
  const dims = [clean.length, columns]
  const joined = (rows: readonly Float64Array[]) => {
    const data = new Float64Array(rows.length * columns)
    rows.forEach((row, at) => {
      data.set(row, at * columns)
    })
    return { type: 'float64' as const, dims, data }
  }
  const adjustment = await hook({
    ...call,
    signalCoefficient: 1,
    noiseCoefficient: call.timestep,
    state: joined(states),
    prediction: joined(clean),
    condition: null,
    guidanceScale: 1,
  })
  if (adjustment?.prediction === undefined) return clean
  const data = adjustment.prediction.data as Float64Array
  return clean.map((_, row) => data.slice(row * columns, (row + 1) * columns))
}

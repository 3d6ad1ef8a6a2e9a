import { createRandom, type DenoisingHook } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { showHook } from '../__fixtures__/gaussian-mixture.js'
import {
  denoise,
  dimensions,
  isInside,
  references,
  share,
} from '../__fixtures__/protected-mixture.js'
import { tell } from '../__fixtures__/tell.js'
import { createShield } from './create-shield.js'

/** ᾱ of Stable Diffusion's scaled-linear schedule. */
const alphaBars: number[] = []
for (let at = 0; at < 1000; at += 1) {
  const root = Math.sqrt(0.00085) + (at / 999) * (Math.sqrt(0.012) - Math.sqrt(0.00085))
  alphaBars.push((alphaBars.at(-1) ?? 1) * (1 - root * root))
}

interface DdimOptions {
  readonly steps: number
  readonly eta: number
  /** ᾱ that the last step goes to: 1, or that of the first training step. */
  readonly final: number
  readonly hook?: DenoisingHook
}

/** DDIM (Song et al. 2021) with "leading" steps and an offset of 1, the noise recomputed from the prediction. */
async function drawDdim(seeds: readonly number[], { steps, eta, final, hook }: DdimOptions) {
  const stride = Math.floor(1000 / steps)
  const timesteps = Array.from({ length: steps }, (_, at) => (steps - 1 - at) * stride + 1)
  const streams = seeds.map((seed) => createRandom(`ddim ${seed}`).normal)
  const noise = (row: number) => Float64Array.from({ length: dimensions }, () => streams[row]!())
  let states: readonly Float64Array[] = seeds.map((_, row) => noise(row))
  for (const [index, timestep] of timesteps.entries()) {
    const now = alphaBars[timestep]!
    const next = index + 1 < steps ? alphaBars[timesteps[index + 1]!]! : final
    const [signal, sigma] = [Math.sqrt(now), Math.sqrt(1 - now)]
    const clean = states.map((state) =>
      denoise(
        state.map((value) => value / signal),
        sigma / signal,
      ),
    )
    const call = { index, count: steps, timestep, seeds }
    const shown = hook ? await showHook(hook, { states, clean, call }) : clean
    const fresh = eta * Math.sqrt(((1 - next) / (1 - now)) * (1 - now / next))
    states = states.map((state, row) => {
      const drawn = noise(row)
      return state.map((value, at) => {
        const epsilon = (value - signal * shown[row]![at]!) / sigma
        const kept = Math.sqrt(Math.max(0, 1 - next - fresh * fresh))
        return Math.sqrt(next) * shown[row]![at]! + kept * epsilon + fresh * drawn[at]!
      })
    })
  }
  return states
}

async function insideShare(options: Omit<DdimOptions, 'hook'>, overcompensation: number | null) {
  const pictures: Float64Array[] = []
  for (let batch = 0; batch < 20; batch += 1) {
    const seeds = Array.from({ length: 1000 }, (_, row) => 1000 * batch + row)
    const shield =
      overcompensation === null ? null : createShield({ references, radius: 1, overcompensation })
    pictures.push(...(await drawDdim(seeds, { ...options, ...(shield && { hook: shield.hook }) })))
  }
  return share(pictures, (picture) => isInside(picture, 1))
}

describe.each([20, 50])('B8: 20,000 pictures of DDIM with %i steps', (steps) => {
  it('lie inside in a quarter of the cases without a shield', async () => {
    const without = await insideShare({ steps, eta: 0, final: 1 }, null)
    tell(`B8 base, ${steps} steps`, without)
    expect(Math.abs(without - 0.25)).toBeLessThan(0.03)
  })

  it('are outside where the last step returns the prediction, or adds no noise', async () => {
    for (const overcompensation of [1, 1.6]) {
      for (const [eta, final] of [
        [0, 1],
        [1, 1],
        [0, alphaBars[0]!],
      ] as const) {
        expect(await insideShare({ steps, eta, final }, overcompensation)).toBe(0)
      }
    }
  })

  it('leak where the last step adds noise, unless overcompensation makes up for it', async () => {
    const options = { steps, eta: 1, final: alphaBars[0]! }
    const leaked = await insideShare(options, 1)
    tell(`B8 η 1, final ᾱ_0, λ 1, ${steps} steps`, leaked)
    expect(leaked).toBeGreaterThan(0.005)
    expect(leaked).toBeLessThan(0.05)
    expect(await insideShare(options, 1.6)).toBe(0)
  })
})

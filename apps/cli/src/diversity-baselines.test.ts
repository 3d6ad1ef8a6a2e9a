import {
  AssayError,
  type DenoisingHook,
  type GenerationRequest,
  type ImageGenerator,
} from '@assay/core'
import { openPipeline } from '@assay/diffusion'
import { createComposer, readPictureBank } from '@assay/diffusion/analytic'
import { conditionAnnealing, intervalGuidance, particleGuidance } from '@assay/repellency/baselines'
import { createEngine } from '@assay/tensor'
import { bank, tinyDiffusion } from '@assay/tiny-world'
import { afterAll, describe, expect, it } from 'vitest'

const engine = createEngine({ threads: 1 })
afterAll(() => engine.close())
const composer = createComposer({ bank: await readPictureBank(bank) })
const diffusion = await openPipeline({ folder: tinyDiffusion, engine })

/** The pixels of pictures drawn in a few steps. */
async function draw(
  generator: ImageGenerator,
  hook: DenoisingHook | null,
  changed: Partial<GenerationRequest> = {},
): Promise<readonly Uint8Array[]> {
  const drawn: Uint8Array[] = []
  const request = { prompt: 'a fox', count: 2, seed: 1, steps: 5, ...changed }
  for await (const picture of generator.generate({ ...request, ...(hook && { hook }) })) {
    if (picture.outcome === 'image') drawn.push(picture.image.data)
  }
  return drawn
}

const codeOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof AssayError) return error.code
  }
  return null
}

describe('what shields are compared with, on the built-in generators', () => {
  it('changes no bit outside of where it acts', async () => {
    const base = await draw(composer, null)
    expect(await draw(composer, particleGuidance({ coefficient: 9, above: 1e9 }))).toEqual(base)
    expect(await draw(composer, particleGuidance({ coefficient: 900 }))).not.toEqual(base)
    const clean = await draw(diffusion, null)
    expect(await draw(diffusion, conditionAnnealing({ times: [1, 1] }))).toEqual(clean)
    expect(await draw(diffusion, conditionAnnealing())).not.toEqual(clean)
  })

  it('guides everywhere, nowhere or in between', async () => {
    const within = (low: number, high: number, first: number) =>
      draw(diffusion, intervalGuidance({ guidanceScale: 3, interval: [low, high] }), {
        guidanceScale: first,
      })
    const [none, all] = [
      await draw(diffusion, null, { guidanceScale: 1 }),
      await draw(diffusion, null, { guidanceScale: 3 }),
    ]
    expect(await within(0, Number.POSITIVE_INFINITY, 3)).toEqual(all)
    expect(await within(50, 60, 1)).toEqual(none)
    const some = await within(0.3, 3, 1)
    expect(some).not.toEqual(all)
    expect(some).not.toEqual(none)
  })

  it('gives a picture the noise of its seed, whatever the batch', async () => {
    const [, second] = await draw(diffusion, conditionAnnealing())
    const [alone] = await draw(diffusion, conditionAnnealing(), { count: 1, seed: 2 })
    const largest = alone?.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (second?.[at] ?? 999))),
      0,
    )
    // Kernels may sum a batch in another order.
    expect(largest).toBeLessThanOrEqual(1)
  })

  it('says where it cannot act', async () => {
    expect(await codeOf(draw(composer, conditionAnnealing()))).toBe('SHAPE_MISMATCH')
    const interval = intervalGuidance({ guidanceScale: 3, interval: [0.3, 3] })
    expect(await codeOf(draw(diffusion, interval, { guidanceScale: 2 }))).toBe('INVALID_ARGUMENT')
  })
})

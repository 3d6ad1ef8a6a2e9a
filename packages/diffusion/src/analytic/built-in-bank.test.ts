import { openEncoder } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import { bank as folder, tinyClip } from '@assay/tiny-world'
import { afterAll, describe, expect, it } from 'vitest'
import { type Drawn, drawn } from './__fixtures__/drawn.js'
import { counterfactualAttribution } from './counterfactual-attribution.js'
import { createComposer } from './create-composer.js'
import { createMemoriser } from './create-memoriser.js'
import { nearestBankPicture } from './nearest-bank-picture.js'
import type { PatchScheduleName } from './patch-schedule.js'
import { readPictureBank } from './read-picture-bank.js'

const engine = createEngine({ threads: 1 })
const encoder = await openEncoder({ folder: tinyClip, engine })
afterAll(async () => {
  await encoder.close()
  await engine.close()
})
if (encoder.text === null) throw new TypeError('the tiny CLIP has no text tower')
const options = { bank: await readPictureBank(folder), textEncoder: encoder.text }
const memoriser = createMemoriser(options)
const composer = createComposer(options)

const prompts = [
  ...['apple', 'banana', 'frog', 'octopus', 'whale', 'tulip'],
  ...['burger', 'sailboat', 'airplane', 'bus', 'ladybird', 'carrot'],
]
const request = { count: 2, seed: 1 }
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const effective = (pictures: readonly Drawn[]) =>
  mean(pictures.map(({ attribution }) => attribution.effectivePictures))
const nearest = (pictures: readonly Drawn[]) =>
  pictures.map(({ image }) => nearestBankPicture(options.bank, image))

describe.each(prompts)('with the built-in bank and the prompt %s', (prompt) => {
  it('the memoriser draws pictures of the bank, and names them', async () => {
    const pictures = await drawn(memoriser, { ...request, prompt })
    for (const [at, { id, meanSquare }] of nearest(pictures).entries()) {
      const [top] = pictures[at]?.attribution.shares ?? []
      expect(top?.id).toBe(id)
      expect(top?.share).toBeGreaterThanOrEqual(0.99)
      expect(meanSquare).toBeLessThan(1e-4)
    }
  })

  it('the composer draws new pictures of several', async () => {
    const pictures = await drawn(composer, { ...request, prompt })
    expect(effective(pictures)).toBeGreaterThanOrEqual(2)
    expect(mean(nearest(pictures).map(({ meanSquare }) => meanSquare))).toBeGreaterThan(0.03)
    for (const { attribution } of pictures) {
      const total = attribution.shares.reduce((sum, { share }) => sum + share, 0)
      expect(Math.abs(total - 1)).toBeLessThan(1e-4)
    }
  })
})

describe('with the built-in bank', () => {
  it('leaving the top picture out changes the sample', async () => {
    for (const generator of [memoriser, composer]) {
      const { counterfactuals } = await counterfactualAttribution({
        ...{ generator, prompt: 'frog', seed: 1, top: 1 },
      })
      expect(counterfactuals[0]?.meanSquareChange).toBeGreaterThan(0.01)
    }
  })

  it('the composer uses fewer pictures with larger patches, and more with smaller ones', async () => {
    const effectiveWith = async (patches: PatchScheduleName) => {
      const generator = createComposer({ ...options, patches })
      const pictures: Drawn[] = []
      for (const prompt of ['frog', 'octopus', 'tulip', 'sailboat', 'ladybird']) {
        pictures.push(...(await drawn(generator, { prompt })))
      }
      return effective(pictures)
    }
    const usual = await effectiveWith('default')
    expect(await effectiveWith('copying')).toBeLessThan(usual)
    expect(await effectiveWith('original')).toBeGreaterThan(usual)
  })

  it('draws the pictures whose words the prompt has', async () => {
    const [fox] = await drawn(memoriser, { prompt: 'a noto style picture of a fox' })
    expect(fox?.attribution.shares[0]?.id).toBe('noto/fox')
    const [beetle] = await drawn(memoriser, { prompt: 'a ladybird' })
    expect(beetle?.attribution.shares[0]?.id).toMatch(/\/lady-beetle$/)
  })
})

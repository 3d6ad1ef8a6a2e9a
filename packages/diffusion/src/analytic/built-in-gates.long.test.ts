import { bruteForceIndex } from '@assay/core/testing'
import { openEncoder } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import { bank as folder, tinyClip } from '@assay/tiny-world'
import { afterAll, describe, expect, it } from 'vitest'
import { type Drawn, drawn } from './__fixtures__/drawn.js'
import type { AnalyticGenerator } from './analytic-generator.js'
import { counterfactualAttribution } from './counterfactual-attribution.js'
import { createComposer } from './create-composer.js'
import { createMemoriser } from './create-memoriser.js'
import { nearestBankPicture } from './nearest-bank-picture.js'
import { readPictureBank } from './read-picture-bank.js'

/**
 * What the built-in generators must reach, on all 72 pictures: 12 prompts, six seeds each.
 * `built-in-bank.test.ts` holds the cheap part of it on 24.
 */
const engine = createEngine({ threads: 2 })
const encoder = await openEncoder({ folder: tinyClip, engine })
afterAll(async () => {
  await encoder.close()
  await engine.close()
})
if (!encoder.image || !encoder.text) throw new TypeError('the tiny CLIP has two towers')
const { image: imageEncoder, text: textEncoder } = encoder
const options = { bank: await readPictureBank(folder), textEncoder }

const prompts = [
  ...['apple', 'banana', 'frog', 'octopus', 'whale', 'tulip'],
  ...['burger', 'sailboat', 'airplane', 'bus', 'ladybird', 'carrot'],
]
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const effectivePictures = (pictures: readonly Drawn[]) =>
  mean(pictures.map(({ attribution }) => attribution.effectivePictures))
const nearestMeanSquare = (pictures: readonly Drawn[]) =>
  mean(pictures.map(({ image }) => nearestBankPicture(options.bank, image).meanSquare))

/** Six pictures of each prompt. */
async function drawnByPrompt(generator: AnalyticGenerator): Promise<Drawn[][]> {
  const byPrompt: Drawn[][] = []
  for (const prompt of prompts) byPrompt.push(await drawn(generator, { prompt, count: 6 }))
  return byPrompt
}

/** Share of the pictures whose own prompt is the nearest of the twelve by the tiny CLIP. */
async function shareOfRightPrompts(byPrompt: readonly (readonly Drawn[])[]): Promise<number> {
  const texts = prompts.map((text) => ({ id: text, text }))
  const pictures = byPrompt.flatMap((group, at) =>
    group.map(({ image, seed }) => ({ id: `${prompts[at]} ${seed}`, source: image })),
  )
  const { embeddings: named } = await textEncoder.embedTexts(texts)
  const { embeddings: seen } = await imageEncoder.embedImages(pictures)
  const index = bruteForceIndex({ ...named, fingerprint: seen.fingerprint }, 'cosine')
  const nearest = await index.nearest(seen, { k: 1 })
  const right = nearest.filter(([first], row) => first?.id === prompts[Math.floor(row / 6)])
  return right.length / pictures.length
}

const composer = createComposer(options)
const byPrompt = await drawnByPrompt(composer)

describe('the composer over the built-in bank', () => {
  it('draws what it is asked for', async () => {
    expect(await shareOfRightPrompts(byPrompt)).toBeGreaterThanOrEqual(0.8)
  })

  it('draws new pictures of several', () => {
    for (const pictures of byPrompt) {
      expect(effectivePictures(pictures)).toBeGreaterThanOrEqual(2)
      expect(nearestMeanSquare(pictures)).toBeGreaterThanOrEqual(0.03)
    }
  })

  it('tells shares that sum to 1', () => {
    for (const { attribution } of byPrompt.flat()) {
      const total = attribution.shares.reduce((sum, { share }) => sum + share, 0)
      expect(Math.abs(total - 1)).toBeLessThanOrEqual(1e-4)
    }
  })

  it('uses fewer pictures for each prompt with larger patches', async () => {
    const copying = await drawnByPrompt(createComposer({ ...options, patches: 'copying' }))
    for (const [at, pictures] of copying.entries()) {
      expect(effectivePictures(pictures)).toBeLessThan(effectivePictures(byPrompt[at] ?? []))
    }
  })

  it('draws another picture of each prompt without the one of the largest share', async () => {
    for (const prompt of prompts) {
      const asked = { generator: composer, prompt, seed: 1, top: 1 }
      const { counterfactuals } = await counterfactualAttribution(asked)
      expect(counterfactuals[0]?.meanSquareChange).toBeGreaterThan(0)
    }
  })
})

describe('the memoriser over the built-in bank', () => {
  it('draws nothing but pictures of the bank', async () => {
    for (const picture of (await drawnByPrompt(createMemoriser(options))).flat()) {
      expect(picture.attribution.shares[0]?.share).toBeGreaterThanOrEqual(0.99)
      expect(nearestMeanSquare([picture])).toBeLessThan(1e-4)
    }
  })
})

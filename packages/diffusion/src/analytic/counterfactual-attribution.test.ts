import { describe, expect, it } from 'vitest'
import { drawn } from './__fixtures__/drawn.js'
import { seededPictures } from './__fixtures__/seeded-pictures.js'
import { counterfactualAttribution } from './counterfactual-attribution.js'
import { createComposer } from './create-composer.js'
import { createMemoriser } from './create-memoriser.js'
import { createPictureBank } from './create-picture-bank.js'

const bank = await createPictureBank({ pictures: seededPictures(12) })
const generator = createComposer({ bank, patches: [{ above: 0, side: 3 }] })
const request = { prompt: '', seed: 3 }

describe('counterfactualAttribution', () => {
  it('draws again without the pictures of the largest shares', async () => {
    const result = await counterfactualAttribution({ generator, ...request, top: 2 })
    const [picture] = await drawn(generator, request)
    expect(result.image).toEqual(picture?.image)
    expect(result.attribution).toEqual(picture?.attribution)
    const [top, next] = result.attribution.shares
    expect(result.counterfactuals.map(({ id, share }) => ({ id, share }))).toEqual([top, next])
    for (const { id, image, meanSquareChange } of result.counterfactuals) {
      const [without] = await drawn(generator.without([id]), request)
      expect(image).toEqual(without?.image)
      const differences = Array.from(image.data, (level, at) => level - result.image.data[at]!)
      const squares = differences.map((difference) => (difference / 127.5) ** 2)
      const mean = squares.reduce((a, b) => a + b, 0) / squares.length
      expect(meanSquareChange).toBeCloseTo(mean, 12)
      expect(meanSquareChange).toBeGreaterThan(0)
    }
  })

  it('says 0 for a picture that has no part', async () => {
    const memoriser = createMemoriser({ bank, include: ['picture-0', 'picture-1'] })
    const { counterfactuals } = await counterfactualAttribution({
      ...{ generator: memoriser, ...request, ids: ['picture-7'], steps: 5, guidanceScale: 2 },
    })
    expect(counterfactuals).toMatchObject([{ id: 'picture-7', share: 0, meanSquareChange: 0 }])
  })

  it('refuses ids that are unknown, and a bank that would be empty', async () => {
    const unknown = counterfactualAttribution({ generator, ...request, ids: ['nobody'] })
    await expect(unknown).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    const single = createMemoriser({ bank, include: ['picture-0'] })
    const emptied = counterfactualAttribution({ generator: single, ...request })
    await expect(emptied).rejects.toMatchObject({ code: 'EMPTY_INPUT' })
  })

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort()
    const stopped = counterfactualAttribution({ generator, ...request, signal })
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

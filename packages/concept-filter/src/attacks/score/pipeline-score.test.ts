import { createMatrix, createRandom, type ImageEncoder, type RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../../filter/create-concept-filter.js'
import { createConceptPair } from '../../pairs/create-concept-pair.js'
import { toFloatImage, toRgbImage } from '../pixels/float-image.js'
import { decisionScore } from './decision-score.js'
import { pipelineScore } from './pipeline-score.js'

/** Embeds a picture as its first pixel; cannot embed black. */
const firstPixel: ImageEncoder = {
  specificationVersion: 1,
  id: 'first-pixel',
  dimensions: 3,
  space: 'rgb',
  fingerprint: 'rgb',
  async embedImages(images) {
    const rows = images.map(({ source }) => [...(source as RgbImage).data.subarray(0, 3)])
    const black = rows.findIndex((row) => row.every((value) => value === 0))
    const failures =
      black < 0
        ? []
        : [
            {
              id: String(black),
              stage: 'embed',
              code: 'IMAGE_CORRUPT',
              message: 'Black.',
              location: {},
            } as const,
          ]
    return { embeddings: createMatrix({ data: rows, fingerprint: 'rgb' }), failures }
  },
}

const side = (vector: readonly number[]) => ({
  prompts: ['word'],
  embeddings: createMatrix({ data: [vector], fingerprint: 'rgb' }),
})

const redAgainstGreen = createConceptPair({
  id: 'red',
  unacceptable: side([1, 0, 0]),
  acceptable: side([0, 1, 0]),
  relation: 'opposite',
})

const pixel = (...values: readonly number[]) => ({
  width: 1,
  height: 1,
  data: Float64Array.from(values, (value) => value / 255),
})

describe('pipelineScore', () => {
  it('scores what an 8-bit picture shows', async () => {
    const score = pipelineScore({
      encoder: firstPixel,
      filter: createConceptFilter({ pairs: [redAgainstGreen] }),
    })
    const [exact, rounded, green] = Array.from(
      await score([pixel(3, 4, 0), pixel(3.4, 3.6, 0), pixel(0, 9, 0)]),
    )
    expect(exact).toBeCloseTo(-0.2, 6)
    expect(rounded).toBeCloseTo(-0.2, 6)
    expect(green).toBeCloseTo(-1, 6)
  })

  it('lets pictures through that are relevant to no side, and says how near they are to being so', async () => {
    const filter = createConceptFilter({ pairs: [redAgainstGreen], relevanceFloor: 0.5 })
    const score = pipelineScore({ encoder: firstPixel, filter })
    // Mostly blue: more red than green, and neither.
    const [blue, red] = Array.from(await score([pixel(3, 0, 4), pixel(4, 0, 3)]))
    expect(red).toBeCloseTo(0.3, 6)
    expect(blue).toBeCloseTo(0.1, 6)
    const [far] = Array.from(await score([pixel(1, 0, 9)]))
    expect(far).toBeCloseTo(1 / Math.sqrt(82) - 0.5, 6)
  })

  it('throws what the encoder says of a picture that it cannot embed', async () => {
    const score = pipelineScore({
      encoder: firstPixel,
      filter: createConceptFilter({ pairs: [redAgainstGreen] }),
    })
    await expect(score([pixel(0, 0, 0)])).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' })
  })
})

describe('decisionScore', () => {
  it('is above 0 exactly where the filter flags, at ties too', () => {
    const random = createRandom(5)
    const bluePair = { ...redAgainstGreen, id: 'other', threshold: 0.2 }
    for (const relevanceFloor of [null, 0.5]) {
      const filter = createConceptFilter({
        pairs: [redAgainstGreen, bluePair],
        ...(relevanceFloor === null ? {} : { relevanceFloor }),
      })
      const rows = Array.from({ length: 300 }, () =>
        Array.from({ length: 3 }, () => random.integer(4) + 1),
      )
      // (1, 0, 0) has a relevance of exactly 1, (2, 2, 1) a margin of exactly 0.
      for (const decision of filter.check(
        createMatrix({ data: [[1, 0, 0], [2, 2, 1], ...rows] }),
      )) {
        expect(decisionScore(decision, relevanceFloor) > 0).toBe(decision.flagged)
      }
    }
    const atFloor = createConceptFilter({ pairs: [redAgainstGreen], relevanceFloor: 0.6 })
    for (const decision of atFloor.check(createMatrix({ data: [[0.6, 0, 0.8]] }))) {
      expect(decisionScore(decision, 0.6) > 0).toBe(decision.flagged)
    }
  })
})

describe('float images', () => {
  it('hold 8-bit pictures exactly, and round to the nearest', () => {
    const image = { width: 1, height: 2, data: Uint8Array.from([0, 1, 127, 128, 254, 255]) }
    expect(toRgbImage(toFloatImage(image))).toEqual(image)
    const data = Float64Array.from([-0.1, 1.2, 0.5, 0.4 / 255, 0.6 / 255, 1])
    expect([...toRgbImage({ width: 1, height: 2, data }).data]).toEqual([0, 255, 128, 0, 1, 255])
  })
})

import { AssayError, createMatrix, type ImageEncoder, type RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../../filter/create-concept-filter.js'
import { createConceptPair } from '../../pairs/create-concept-pair.js'
import type { PictureTransform } from './picture-transform.js'
import { stressTest } from './stress-test.js'

/** Embeds a picture as its mean colour; refuses pictures that are all white. */
const meanColour: ImageEncoder = {
  specificationVersion: 1,
  id: 'mean-colour',
  dimensions: 3,
  space: 'rgb',
  fingerprint: 'rgb',
  async embedImages(images) {
    const rows = images.map(({ id, source }) => ({ id, data: (source as RgbImage).data }))
    const read = rows.filter(({ data }) => data.some((value) => value < 255))
    const mean = (data: Uint8Array, colour: number) =>
      data.reduce((sum, value, at) => (at % 3 === colour ? sum + value : sum), 0) /
      (data.length / 3)
    return {
      embeddings: createMatrix({
        data: read.map(({ data }) => [0, 1, 2].map((colour) => mean(data, colour))),
        columns: 3,
        ids: read.map(({ id }) => id),
      }),
      failures: rows
        .filter((row) => !read.includes(row))
        .map(
          ({ id }) =>
            ({
              id,
              stage: 'embed',
              code: 'IMAGE_CORRUPT',
              message: 'White.',
              location: {},
            }) as const,
        ),
    }
  },
}

const side = (vector: readonly number[]) => ({
  prompts: ['word'],
  embeddings: createMatrix({ data: [vector] }),
})

const filter = createConceptFilter({
  pairs: [
    createConceptPair({
      id: 'red',
      unacceptable: side([1, 0, 0]),
      acceptable: side([0, 1, 0]),
      relation: 'opposite',
    }),
  ],
})

const picture = (id: string, ...colour: readonly number[]) => ({
  id,
  image: { width: 2, height: 2, data: Uint8Array.from({ length: 12 }, (_, at) => colour[at % 3]!) },
})

const items = [
  picture('red', 200, 0, 0),
  picture('reddish', 110, 100, 0),
  picture('green', 0, 200, 0),
]

/** Adds to green. */
const greener: PictureTransform = {
  id: 'greener',
  unit: 'values',
  severities: [0, 4, 20, 250],
  apply: (image, severity) => ({
    ...image,
    data: image.data.map((value, at) => (at % 3 === 1 ? Math.min(255, value + severity) : value)),
  }),
}

const stress = (transform: PictureTransform, more: object = {}) =>
  stressTest({ items, transforms: [transform], encoder: meanColour, filter, ...more })

describe('stressTest', () => {
  it('counts decisions that change, each way, with an interval', async () => {
    const { rows, failures } = await stress(greener)
    expect(failures).toEqual([])
    expect(
      rows.map(({ severity, toPassed, toFlagged }) => [severity, toPassed, toFlagged]),
    ).toEqual([
      [0, 0, 0],
      [4, 0, 0],
      [20, 1, 0],
      [250, 2, 0],
    ])
    expect(rows[2]).toMatchObject({
      n: 3,
      missing: 0,
      flipRate: 1 / 3,
      interval: { method: 'wilson' },
    })
    const back = {
      ...greener,
      apply: (image: RgbImage) => ({
        ...image,
        data: image.data.map((_, at) => (at % 3 === 0 ? 9 : 0)),
      }),
      severities: [1],
    }
    expect((await stress(back)).rows[0]).toMatchObject({ toPassed: 0, toFlagged: 1 })
  })

  it('tells how far embeddings moved, and that none flips within its exact radius', async () => {
    const { rows } = await stress(greener)
    expect(rows[0]).toMatchObject({
      drift: { median: 0, largest: 0 },
      withinRadius: 3,
      flipsWithinRadius: 0,
    })
    // Green stays where it is; red by 20 turns by atan(.1), reddish by atan(12 / 11) - atan(10 / 11).
    const turns = [Math.atan(0.1), Math.atan(12 / 11) - Math.atan(10 / 11)]
    const shifts = turns.map((turn) => 2 * Math.sin(turn / 2))
    expect(rows[2]?.drift?.largest).toBeCloseTo(Math.max(...shifts), 6)
    expect(rows[2]?.drift?.median).toBeCloseTo(Math.min(...shifts), 6)
    expect(rows[2]).toMatchObject({ withinRadius: 2, flipsWithinRadius: 0 })
    expect(rows.every(({ flipsWithinRadius }) => flipsWithinRadius === 0)).toBe(true)
  })

  it('keeps pictures that cannot be transformed or embedded as failures', async () => {
    const whitens: PictureTransform = {
      ...greener,
      severities: [1],
      apply(image) {
        if (image.data[0] === 110)
          throw new AssayError({ code: 'IMAGE_CORRUPT', message: 'No.', remedy: 'None.' })
        return image.data[0] === 200 ? { ...image, data: image.data.map(() => 255) } : image
      },
    }
    const { rows, failures } = await stress(whitens)
    expect(rows[0]).toMatchObject({ n: 1, missing: 2, flipRate: 0 })
    expect(failures.map(({ id, stage }) => [id, stage])).toEqual([
      ['reddish', 'transform'],
      ['red', 'embed'],
    ])
    const none = await stress({
      ...whitens,
      apply: (image) => ({ ...image, data: image.data.map(() => 255) }),
    })
    expect(none.rows[0]).toMatchObject({
      n: 0,
      missing: 3,
      flipRate: null,
      interval: null,
      drift: null,
    })
  })

  it('gives a picture the same chance in any company', async () => {
    const drawn = new Map<string, number>()
    const noise: PictureTransform = {
      ...greener,
      severities: [1],
      apply(image, _, random) {
        drawn.set(String(image.data[0]), random.uniform())
        return image
      },
    }
    await stress(noise)
    const first = new Map(drawn)
    await stress(noise, { items: items.slice(1).reverse() })
    expect(drawn).toEqual(first)
    expect(new Set(drawn.values()).size).toBe(3)
  })

  it('refuses an empty set and ids that repeat', async () => {
    await expect(stress(greener, { items: [] })).rejects.toMatchObject({ code: 'EMPTY_INPUT' })
    await expect(stress(greener, { items: [items[0], items[0]] })).rejects.toMatchObject({
      code: 'DUPLICATE_ID',
    })
  })
})

import { AssayError, createMatrix, type ImageEncoder, type RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { nesAttack } from '../attacks/black-box/nes-attack.js'
import { attackScore } from './attack-score.js'
import { encodedFilter } from './encoded-filter.js'
import { linearHeadsFilter } from './linear-heads-filter.js'
import { scoringFilter } from './scoring-filter.js'

const picture = (red: number, id = 'one') => ({
  id,
  source: { width: 1, height: 1, data: Uint8Array.of(red, 10, 10) } satisfies RgbImage,
})
const broken = new AssayError({ code: 'IMAGE_CORRUPT', message: 'Broken.', remedy: 'Look.' })

const redness = scoringFilter({
  id: 'redness',
  threshold: 0.5,
  async score({ source }) {
    const [red = 0] = (source as RgbImage).data
    if (red === 0) throw broken
    if (red === 1) return Number.NaN
    return red / 255
  },
})

describe('a filter from a score', () => {
  it('flags above the threshold, and tells failures of single pictures', async () => {
    const { decisions, failures } = await redness.check(
      [200, 0, 100, 1].map((red, at) => picture(red, `picture ${at}`)),
    )
    expect(decisions).toEqual([
      expect.objectContaining({ id: 'picture 0', flagged: true, score: 200 / 255, threshold: 0.5 }),
      expect.objectContaining({ id: 'picture 2', flagged: false }),
    ])
    expect(decisions[0]?.concepts).toEqual([{ name: 'redness', score: 200 / 255, found: true }])
    expect(failures.map(({ id, code }) => [id, code])).toEqual([
      ['picture 1', 'IMAGE_CORRUPT'],
      ['picture 3', 'INVALID_ARGUMENT'],
    ])
  })

  it('throws on what is no fault of a picture, and stops when told to', async () => {
    const faulty = scoringFilter({
      id: 'faulty',
      threshold: 0,
      score: () => {
        throw new TypeError('a fault')
      },
    })
    await expect(faulty.check([picture(5)])).rejects.toThrow('a fault')
    const signal = AbortSignal.abort()
    await expect(redness.check([picture(5)], { signal })).rejects.toMatchObject({ code: 'ABORTED' })
    expect(() => scoringFilter({ id: 'nan', threshold: Number.NaN, score: () => 0 })).toThrow(
      'no number',
    )
  })

  it('is a target of attacks', async () => {
    const start = { width: 1, height: 1, data: Float64Array.of(0.7, 0.04, 0.04) }
    const score = attackScore(redness)
    expect(await score([start])).toEqual([expect.closeTo(179 / 255 - 0.5, 9)])
    const limits = { norm: 'linf', radius: 0.3, budget: 400, eightBit: true } as const
    const result = await nesAttack({ picture: start, score, directions: 4, ...limits })
    expect(result.success).toBe(true)
    expect(result.distance).toBeCloseTo((179 - 127) / 255, 6)
    const black = async () => score([{ ...start, data: Float64Array.of(0, 0, 0) }])
    await expect(black()).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' })
  })
})

describe('a filter over embeddings with its encoder', () => {
  const encoder: ImageEncoder = {
    specificationVersion: 1,
    id: 'first-pixel',
    dimensions: 3,
    space: 'rgb',
    fingerprint: 'rgb',
    async embedImages(images) {
      const good = images.filter(({ source }) => (source as RgbImage).data[0] !== 0)
      const data = Float32Array.from(good.flatMap(({ source }) => [...(source as RgbImage).data]))
      return {
        embeddings: createMatrix({
          data,
          columns: 3,
          ids: good.map(({ id }) => id),
          fingerprint: 'rgb',
        }),
        failures: images
          .filter((image) => !good.includes(image))
          .map(({ id }) => ({
            id,
            stage: 'embed',
            code: 'IMAGE_CORRUPT',
            message: '',
            location: {},
          })),
      }
    },
  }
  const heads = [{ name: 'red', weights: [1, 0, 0], bias: 0, threshold: 127.5 }]

  it('decides on what the encoder reads, and tells what it does not', async () => {
    const filter = encodedFilter(linearHeadsFilter({ id: 'red', heads }), encoder)
    expect(filter.fingerprint).toBe('rgb')
    const said = await filter.check([picture(200, 'a'), picture(0, 'b'), picture(3, 'c')])
    expect(said.decisions.map(({ id, flagged }) => [id, flagged])).toEqual([
      ['a', true],
      ['c', false],
    ])
    expect(said.failures.map(({ id }) => id)).toEqual(['b'])
    expect((await filter.check([picture(0)])).decisions).toEqual([])
  })

  it('is refused for another encoder', () => {
    const other = linearHeadsFilter({ id: 'red', heads, fingerprint: 'lab' })
    expect(() => encodedFilter(other, encoder)).toThrow('not made for')
  })
})

import { createRandom, type RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { demoPictures } from '../../attacks/__fixtures__/tiny-world.js'
import { naturalTransforms } from './natural-transforms.js'
import { typographicOverlays } from './typographic-overlays.js'

const [demo] = await demoPictures('animals and nature', 1)
const picture = demo!.image

const difference = (one: RgbImage, other: RgbImage) =>
  one.data.reduce((sum, value, at) => sum + Math.abs(value - other.data[at]!), 0) / one.data.length

const transform = (id: string) => naturalTransforms.find((each) => each.id === id)!

const all = [...naturalTransforms, ...typographicOverlays({ text: 'food' })]

describe.each(all.map((each) => [each.id, each] as const))('%s', (_, { severities, apply }) => {
  it('keeps the size, changes pixels, leaves its input alone, and does the same from the same seed', async () => {
    const before = picture.data.slice()
    for (const severity of severities) {
      const once = await apply(picture, severity, createRandom('seed'))
      expect([once.width, once.height, once.data.length]).toEqual([64, 64, 64 * 64 * 3])
      expect(difference(picture, once)).toBeGreaterThan(0)
      expect(await apply(picture, severity, createRandom('seed'))).toEqual(once)
    }
    expect(picture.data).toEqual(before)
  })
})

describe('natural transforms', () => {
  const changes = async (id: string) => {
    const { severities, apply } = transform(id)
    const found: number[] = []
    for (const severity of severities) {
      found.push(difference(picture, await apply(picture, severity, createRandom(id))))
    }
    return found
  }

  it.each([
    'jpeg-compression',
    'gaussian-blur',
    'centre-crop',
    'resize-and-back',
    'gaussian-noise',
    'grey',
  ])('%s changes more from severity to severity', async (id) => {
    const found = await changes(id)
    expect(found).toEqual([...found].sort((one, other) => one - other))
  })

  it('adds noise of the deviation it names', async () => {
    const data = new Uint8Array(64 * 64 * 3).fill(128)
    const noisy = await transform('gaussian-noise').apply(
      { width: 64, height: 64, data },
      8,
      createRandom(1),
    )
    const squares = noisy.data.reduce((sum, value) => sum + (value - 128) ** 2, 0) / data.length
    // Rounding adds 1/12; 12,288 values give 4 standard errors of 2.6 %.
    expect(Math.abs(Math.sqrt(squares - 1 / 12) / 8 - 1)).toBeLessThan(0.026)
  })

  it('blurs a point to a Gaussian, and leaves one colour as it is', async () => {
    const size = 33
    const point = new Uint8Array(size * size * 3)
    point.fill(255, (16 * size + 16) * 3, (16 * size + 17) * 3)
    const blur = transform('gaussian-blur')
    // 255 times the square of scipy.ndimage.gaussian_filter1d's weights at 0, and their product at 0 and 1.
    for (const [sigma, middle, beside] of [
      [0.5, 158, 21],
      [1, 41, 25],
      [2, 10, 9],
    ] as const) {
      const image = { width: size, height: size, data: point }
      const { data } = await blur.apply(image, sigma, createRandom(0))
      const at = (column: number, row: number) => data[(row * size + column) * 3]
      expect([at(16, 16), at(15, 16), at(17, 16), at(16, 15), at(16, 17)]).toEqual([
        middle,
        beside,
        beside,
        beside,
        beside,
      ])
      const flat = { width: 5, height: 4, data: new Uint8Array(60).fill(254) }
      expect(await blur.apply(flat, sigma, createRandom(0))).toEqual(flat)
    }
  })

  it('works on values as it says', async () => {
    const image = { width: 2, height: 1, data: Uint8Array.from([100, 200, 50, 0, 255, 10]) }
    const values = async (id: string, severity: number) => [
      ...(await transform(id).apply(image, severity, createRandom(0))).data,
    ]
    expect(await values('brightness', 120)).toEqual([120, 240, 60, 0, 255, 12])
    expect(await values('contrast', 80)).toEqual([106, 186, 66, 26, 230, 34])
    expect(await values('mirror', 1)).toEqual([0, 255, 10, 100, 200, 50])
    // .299 x 100 + .587 x 200 + .114 x 50 = 153; .587 x 255 + .114 x 10 = 150.8
    expect(await values('grey', 100)).toEqual([153, 153, 153, 151, 151, 151])
  })
})

describe('typographic overlays', () => {
  const black = { width: 80, height: 60, data: new Uint8Array(80 * 60 * 3) }
  const rowsOfInk = ({ width, height, data }: RgbImage) =>
    Array.from({ length: height }, (_, row) => row).filter((row) =>
      data.subarray(row * width * 3, (row + 1) * width * 3).some((value) => value > 0),
    )

  it('writes the word as high as wanted, where wanted, in the colour wanted', async () => {
    for (const [position, first] of [
      ['top', 0],
      ['centre', 24],
      ['bottom', 48],
    ] as const) {
      const [overlay] = typographicOverlays({
        text: 'hi',
        positions: [position],
        colours: ['#ff0000'],
        heights: [20],
      })
      const written = await overlay!.apply(black, 20, createRandom(0))
      const rows = rowsOfInk(written)
      expect([rows[0], rows.at(-1)]).toEqual([first, first + 11])
      expect(written.data.some((value, at) => at % 3 === 0 && value > 200)).toBe(true)
      expect(written.data.every((value, at) => at % 3 === 0 || value === 0)).toBe(true)
    }
  })

  it('makes long words fit, and takes nothing for markup', async () => {
    for (const text of ['abcdefghijklmnopqrstuvwxyz', '<b>&amp;</b>']) {
      const [overlay] = typographicOverlays({ text, positions: ['centre'], colours: ['white'] })
      const written = await overlay!.apply(black, 25, createRandom(0))
      expect([written.width, written.height]).toEqual([80, 60])
      expect(rowsOfInk(written).length).toBeGreaterThan(10)
    }
  })

  it('refuses words without ink rather than write nothing', async () => {
    expect(() => typographicOverlays({ text: ' ' })).toThrow(
      expect.objectContaining({ code: 'EMPTY_INPUT' }),
    )
    const [overlay] = typographicOverlays({ text: '\u200b' })
    await expect(overlay!.apply(black, 10, createRandom(0))).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
    })
  })
})

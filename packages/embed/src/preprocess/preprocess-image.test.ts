import { describe, expect, it } from 'vitest'
import { textured } from '../__fixtures__/picture-files.js'
import { normalizePixels } from './normalize-pixels.js'
import { preprocessImage } from './preprocess-image.js'
import { type Preprocessing, preprocessingSchema } from './preprocessing.js'
import { preprocessingHash } from './preprocessing-hash.js'
import { resizeGeometry } from './resize-geometry.js'
import { resizeImage } from './resize-image.js'

const preprocessing = (changes: Partial<Preprocessing> = {}): Preprocessing => ({
  width: 8,
  height: 8,
  resize: 'stretch',
  shortestSide: null,
  scaledSide: 'floor',
  cropOffset: 'floor',
  interpolation: 'bicubic',
  background: [255, 255, 255],
  colourProfile: 'ignore',
  scale: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  ...changes,
})

const solidImage = (width: number, height: number, pixel: readonly number[]) => ({
  width,
  height,
  data: new Uint8Array(Buffer.alloc(width * height * 3, Uint8Array.from(pixel))),
})

describe('resizeGeometry', () => {
  const crop = { width: 224, height: 224, resize: 'shortest-side-centre-crop' } as const
  const pad = { width: 224, height: 224, resize: 'pad' } as const

  const cases: [number, number, Partial<Preprocessing>, number[]][] = [
    // Picture, preprocessing, then scaled size and where the input starts in it.
    [640, 427, { width: 64, height: 32 }, [64, 32, 0, 0]],
    // The longer side is rounded down: 224 * 640 / 427 = 335.7.
    [640, 427, crop, [335, 224, 55, 0]],
    [427, 640, crop, [224, 335, 0, 55]],
    [640, 427, { ...crop, shortestSide: 256 }, [383, 256, 79, 16]],
    [224, 224, crop, [224, 224, 0, 0]],
    [10, 10_000, crop, [224, 224_000, 0, 111_888]],
    [300, 200, { ...crop, width: 320, height: 100 }, [320, 213, 0, 56]],
    // 256 * 640 / 427 = 383.7, and half of the 159 and of the 160 pixels that are left over.
    [640, 427, { ...crop, shortestSide: 256, cropOffset: 'round' }, [383, 256, 80, 16]],
    [640, 427, { ...crop, shortestSide: 256, scaledSide: 'round' }, [384, 256, 80, 16]],
    [640, 427, pad, [224, 149, 0, -37]],
    [427, 640, pad, [149, 224, -37, 0]],
    [10_000, 1, pad, [224, 1, 0, -111]],
  ]
  it.each(cases)('scales %i x %i by the rule', (width, height, changes, expected) => {
    const geometry = resizeGeometry({ width, height }, preprocessing(changes))
    const { width: w, height: h, left, top } = geometry
    expect([w, h, left, top]).toEqual(expected)
  })
})

describe('resizeImage', () => {
  it('hands back a picture that fits, untouched', async () => {
    const image = solidImage(8, 8, [1, 2, 3])
    for (const resize of ['stretch', 'shortest-side-centre-crop', 'pad'] as const) {
      expect(await resizeImage(image, preprocessing({ resize }))).toBe(image)
    }
  })

  it.each(['box', 'bilinear', 'bicubic', 'lanczos'] as const)(
    'keeps one colour one colour: %s',
    async (interpolation) => {
      for (const [width, height] of [
        [100, 37],
        [3, 5],
        [8, 64],
      ] as const) {
        const image = await resizeImage(
          solidImage(width, height, [10, 200, 77]),
          preprocessing({ interpolation }),
        )
        expect(image).toEqual(solidImage(8, 8, [10, 200, 77]))
      }
    },
  )

  it('cuts the middle out, without resampling where the scale already fits', async () => {
    const pixels = Uint8Array.from({ length: 12 * 8 * 3 }, (_, index) => Math.floor(index / 3) % 12)
    const image = { width: 12, height: 8, data: pixels }
    const cut = await resizeImage(image, preprocessing({ resize: 'shortest-side-centre-crop' }))
    expect([...cut.data.subarray(0, 24)].filter((_, index) => index % 3 === 0)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9,
    ])
  })

  it('puts background around a padded picture', async () => {
    const image = solidImage(16, 8, [10, 20, 30])
    const padded = await resizeImage(image, preprocessing({ resize: 'pad', background: [1, 2, 3] }))
    const rows = Array.from({ length: 8 }, (_, y) => [...padded.data.subarray(y * 24, y * 24 + 3)])
    expect(rows).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [10, 20, 30],
      [10, 20, 30],
      [10, 20, 30],
      [10, 20, 30],
      [1, 2, 3],
      [1, 2, 3],
    ])
  })

  it('scales slivers, computing no more than the input needs', async () => {
    const rule = preprocessing({ width: 224, height: 224, resize: 'shortest-side-centre-crop' })
    for (const [width, height] of [
      [1, 400_000],
      [400_000, 1],
    ] as const) {
      const sliver = await resizeImage(solidImage(width, height, [1, 2, 3]), rule)
      expect(sliver).toEqual(solidImage(224, 224, [1, 2, 3]))
    }
  })

  it('lets others run while it scales a large picture', async () => {
    const image = { width: 3000, height: 3000, data: new Uint8Array(3000 * 3000 * 3).fill(77) }
    let turns = 0
    const counting = setInterval(() => turns++, 0)
    const small = await resizeImage(image, preprocessing({ interpolation: 'lanczos' }))
    clearInterval(counting)
    expect(small).toEqual(solidImage(8, 8, [77, 77, 77]))
    expect(turns).toBeGreaterThan(5)
  })

  it('refuses pixels that do not fill the picture', async () => {
    const image = { width: 9, height: 9, data: new Uint8Array(9) }
    await expect(resizeImage(image, preprocessing())).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
      message: 'The picture has 9 values for 9 x 9 pixels of three.',
    })
  })

  it('averages fine detail away instead of skipping pixels', async () => {
    // A chessboard of single pixels is grey from afar.
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => {
      const pixel = Math.floor(index / 3)
      return (pixel + Math.floor(pixel / 64)) % 2 === 0 ? 0 : 255
    })
    for (const interpolation of ['box', 'bilinear', 'bicubic', 'lanczos'] as const) {
      const image = await resizeImage(
        { width: 64, height: 64, data },
        preprocessing({ interpolation }),
      )
      for (const value of image.data) expect(Math.abs(value - 127.5)).toBeLessThan(12)
    }
  })
})

describe('normalizePixels', () => {
  it('gives planes of (value * scale - mean) / std, rounded to float32 at each step as torch does', () => {
    const data = Uint8Array.from([0, 128, 255, 255, 64, 1])
    const scaling = preprocessing({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] })
    const planes = normalizePixels({ width: 2, height: 1, data }, scaling, new Float32Array(6))
    // torch: uint8.float().div(255).sub(mean).div(std)
    const expected = [-2.11790395, 2.24890828, 0.205182195, -0.915266037, 2.6400001, -1.7870152]
    expect([...planes]).toEqual(expected.map(Math.fround))
  })
})

describe('preprocessImage', () => {
  it('gives three planes of the size of the input', async () => {
    const data = new Uint8Array(await textured(30, 20).raw().toBuffer())
    const planes = await preprocessImage({ width: 30, height: 20, data }, preprocessing())
    expect(planes).toHaveLength(3 * 8 * 8)
    expect(Math.max(...planes)).toBeLessThanOrEqual(1)
    expect(Math.min(...planes)).toBeGreaterThanOrEqual(-1)
    // Red grows to the right, green downwards.
    expect(planes[7]).toBeGreaterThan(planes[0] ?? 1)
    expect(planes[64 + 56]).toBeGreaterThan(planes[64] ?? 1)
  })
})

describe('preprocessingHash', () => {
  it('does not depend on the order in which a card lists keys', () => {
    const shuffled = Object.fromEntries(Object.entries(preprocessing()).reverse())
    expect(preprocessingHash(preprocessingSchema.parse(shuffled))).toBe(
      preprocessingHash(preprocessing()),
    )
  })

  it('changes with every value', () => {
    const variants: Partial<Preprocessing>[] = [
      {},
      { width: 9 },
      { height: 9 },
      { resize: 'pad' },
      { resize: 'shortest-side-centre-crop' },
      { resize: 'shortest-side-centre-crop', shortestSide: 9 },
      { interpolation: 'lanczos' },
      { interpolation: 'box' },
      { scaledSide: 'round' },
      { cropOffset: 'round' },
      { colourProfile: 'convert' },
      { background: [255, 255, 254] },
      { scale: 1 / 256 },
      { mean: [0.5, 0.5, 0.4] },
      { std: [0.5, 0.5, 0.4] },
    ]
    const hashes = variants.map((changes) => preprocessingHash(preprocessing(changes)))
    expect(new Set(hashes).size).toBe(variants.length)
  })
})

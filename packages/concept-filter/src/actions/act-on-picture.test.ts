import { AssayError, createRandom, type RgbImage } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConceptDecision } from '../filter/concept-decision.js'
import { actOnPicture } from './act-on-picture.js'
import type { PictureAction } from './picture-action.js'

const decision = (flagged: boolean): ConceptDecision => ({
  id: 'a',
  flagged,
  strongest: 'violence',
  pairs: [
    {
      pairId: 'violence',
      flagged,
      margin: flagged ? 0.05 : -0.05,
      logit: flagged ? 5 : -5,
      confidence: flagged ? 0.993 : 0.007,
      threshold: 0,
      rank: 1,
      angle: 1,
      angularRadius: 0.1,
      radius: { paper: 0.01, lipschitz: 0.02, exact: 0.07 },
      relevance: null,
      relevant: null,
      reasons: ['NO_RELEVANCE_FLOOR'],
    },
  ],
  norm: 1,
  drift: 0,
})

function randomImage(width: number, height: number): RgbImage {
  const random = createRandom(`${width} x ${height}`)
  return {
    width,
    height,
    data: Uint8Array.from({ length: 3 * width * height }, () => random.uniform() * 256),
  }
}

const pixelsOf = ({ data }: RgbImage) =>
  Array.from({ length: data.length / 3 }, (_, pixel) => [
    ...data.subarray(3 * pixel, 3 * pixel + 3),
  ])

const actions: readonly PictureAction[] = [
  { kind: 'report' },
  { kind: 'replace', by: [9, 8, 7] },
  { kind: 'replace', by: randomImage(5, 3), background: [1, 2, 3] },
  { kind: 'blur' },
  { kind: 'blur', sigma: 100 },
  {
    kind: 'callback',
    callback: (image) => {
      image.data.fill(0)
      return image
    },
  },
]

describe('actOnPicture', () => {
  it('keeps size and channels, and never changes the picture that it was given', async () => {
    const side = fc.integer({ min: 1, max: 40 })
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.constantFrom(...actions),
        fc.boolean(),
        async (width, height, action, flagged) => {
          const image = randomImage(width, height)
          const before = image.data.slice()
          const acted = await actOnPicture({ image, decision: decision(flagged), action })
          expect(image.data).toEqual(before)
          expect([acted.image.width, acted.image.height]).toEqual([width, height])
          expect(acted.image.data).toHaveLength(before.length)
        },
      ),
      { seed: 6, numRuns: 300 },
    )
  })

  it.each(actions)('gives back the very picture where it is not flagged: $kind', async (action) => {
    const image = randomImage(4, 4)
    const acted = await actOnPicture({ image, decision: decision(false), action })
    expect(acted).toEqual({ outcome: 'passed', image })
    expect(acted.image).toBe(image)
  })

  it('reports a flagged picture without touching it', async () => {
    const image = randomImage(4, 4)
    const acted = await actOnPicture({
      image,
      decision: decision(true),
      action: { kind: 'report' },
    })
    expect(acted.outcome).toBe('reported')
    expect(acted.image).toBe(image)
  })

  it('throws an error that names the pairs', async () => {
    const options = { image: randomImage(2, 2), decision: decision(true) }
    const error = await actOnPicture({ ...options, action: { kind: 'throw' } }).catch(
      (thrown: unknown) => thrown,
    )
    expect(AssayError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'IMAGE_FLAGGED',
      message: 'The picture "a" is flagged: violence (margin 0.0500, threshold 0.0000).',
      value: ['violence'],
      location: { id: 'a' },
    })
  })

  it('gives the callback picture and decision, and waits for what it makes', async () => {
    const image = randomImage(2, 2)
    const made = randomImage(2, 2)
    const seen: unknown[] = []
    const acted = await actOnPicture({
      image,
      decision: decision(true),
      action: {
        kind: 'callback',
        callback: async (copy, said) => {
          seen.push(copy.data, said.id)
          return made
        },
      },
    })
    expect(seen).toEqual([image.data, 'a'])
    expect(acted).toEqual({ outcome: 'called back', image: made })
  })

  it.each([
    ['a callback that gives another size', { kind: 'callback', callback: () => randomImage(1, 2) }],
    [
      'a replacement whose pixels do not fill it',
      { kind: 'replace', by: { width: 2, height: 2, data: new Uint8Array(11) } },
    ],
  ] as const)('refuses %s', async (_, action) => {
    const options = { image: randomImage(2, 2), decision: decision(true), action }
    await expect(actOnPicture(options)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' })
  })

  it.each([
    { kind: 'blur', sigma: 0 },
    { kind: 'blur', sigma: Number.NaN },
    { kind: 'replace', by: [0, 0, 256] },
    { kind: 'replace', by: [0, 0, 0], background: [0, 0, 0.5] },
  ] as const)('refuses $kind with a value out of range', async (action) => {
    const options = { image: randomImage(2, 2), decision: decision(true), action }
    await expect(actOnPicture(options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

describe('a replacement', () => {
  const act = async (image: RgbImage, action: PictureAction) =>
    (await actOnPicture({ image, decision: decision(true), action })).image

  it('of one colour fills the picture', async () => {
    const made = await act(randomImage(3, 2), { kind: 'replace', by: [9, 8, 7] })
    expect(pixelsOf(made)).toEqual(Array(6).fill([9, 8, 7]))
  })

  it('of the same size is shown pixel for pixel', async () => {
    const by = randomImage(7, 5)
    expect((await act(randomImage(7, 5), { kind: 'replace', by })).data).toEqual(by.data)
  })

  it('of another shape is shown whole in the middle, on the background', async () => {
    const by = { width: 1, height: 2, data: Uint8Array.from([200, 0, 0, 200, 0, 0]) }
    const made = await act(randomImage(6, 4), { kind: 'replace', by, background: [0, 0, 9] })
    const [blue, red] = [
      [0, 0, 9],
      [200, 0, 0],
    ]
    expect(pixelsOf(made)).toEqual(Array(4).fill([blue, blue, red, red, blue, blue]).flat())
  })

  it('that is much larger is averaged, not sampled', async () => {
    const data = Uint8Array.from({ length: 3 * 64 * 64 }, (_, at) =>
      Math.floor(at / 3) % 2 ? 255 : 0,
    )
    const made = await act(randomImage(4, 4), {
      kind: 'replace',
      by: { width: 64, height: 64, data },
    })
    for (const value of made.data) expect(Math.abs(value - 127.5)).toBeLessThan(4)
  })
})

describe('a blur', () => {
  const blurred = async (image: RgbImage, sigma: number) =>
    (await actOnPicture({ image, decision: decision(true), action: { kind: 'blur', sigma } })).image

  it('leaves one colour as it is', async () => {
    const data = Uint8Array.from({ length: 3 * 9 * 7 }, (_, at) => [10, 120, 250][at % 3]!)
    expect((await blurred({ width: 9, height: 7, data }, 3)).data).toEqual(data)
  })

  it('spreads a line as a Gaussian does, in both directions', async () => {
    const sigma = Math.sqrt(20) // What three boxes of 9 pixels have, without rounding.
    const side = 81
    const data = new Uint8Array(3 * side * side)
    // A white line through the middle: its profile across is that of the filter.
    for (let y = 0; y < side; y += 1) data.fill(255, 3 * (y * side + 40), 3 * (y * side + 41))
    const down = { width: side, height: side, data }
    const turned = new Uint8Array(3 * side * side)
    turned.fill(255, 3 * 40 * side, 3 * 41 * side)
    const profiles = [
      pixelsOf(await blurred(down, sigma)).slice(40 * side, 41 * side),
      pixelsOf(await blurred({ ...down, data: turned }, sigma)).filter((_, at) => at % side === 40),
    ]
    for (const profile of profiles) {
      const peak = 255 / (sigma * Math.sqrt(2 * Math.PI))
      const gaussian = profile.map((_, x) => peak * Math.exp(-((x - 40) ** 2) / 40))
      profile.forEach(([value], x) => {
        expect(Math.abs((value ?? Number.NaN) - (gaussian[x] ?? 0))).toBeLessThan(0.08 * peak) // Three boxes are a little flatter.
      })
    }
  })
})

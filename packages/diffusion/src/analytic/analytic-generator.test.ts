import type { DenoisingHook, DenoisingStep } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { drawn } from './__fixtures__/drawn.js'
import { seededPictures } from './__fixtures__/seeded-pictures.js'
import { wordEncoder } from './__fixtures__/word-encoder.js'
import type { AnalyticGenerator, AnalyticGeneratorOptions } from './analytic-generator.js'
import { createComposer } from './create-composer.js'
import { createMemoriser } from './create-memoriser.js'
import { createPictureBank } from './create-picture-bank.js'

const textEncoder = wordEncoder('words')
const bank = await createPictureBank({ pictures: seededPictures(12), textEncoder })
const ids = bank.captions.map(({ id }) => id)
const kinds: [string, (options?: Partial<AnalyticGeneratorOptions>) => AnalyticGenerator][] = [
  ['createMemoriser', (options) => createMemoriser({ bank, textEncoder, ...options })],
  ['createComposer', (options) => createComposer({ bank, textEncoder, ...options })],
]

describe.each(kinds)('%s', (_, create) => {
  const generator = create()

  it('draws a picture the same to the bit in every batch', async () => {
    const together = await drawn(generator, { count: 9, seed: 40 })
    expect(together.map(({ seed }) => seed)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48])
    const alone = create({ batchSize: 1 })
    expect(await drawn(alone, { count: 9, seed: 40 })).toEqual(together)
    expect(await drawn(generator, { seed: 44 })).toEqual([together[4]])
  })

  it('gives the same while another request is under way', async () => {
    const [apples, buses] = await Promise.all([
      drawn(generator, { count: 3 }),
      drawn(generator, { prompt: 'old bus', count: 3 }),
    ])
    expect(apples).toEqual(await drawn(generator, { count: 3 }))
    expect(buses).toEqual(await drawn(generator, { prompt: 'old bus', count: 3 }))
    expect(buses).not.toEqual(apples)
  })

  it('changes no bit for a hook that does nothing, and shows it every call', async () => {
    const steps: DenoisingStep[] = []
    const hook: DenoisingHook = (step) => void steps.push(step)
    expect(await drawn(generator, { count: 2, hook })).toEqual(await drawn(generator, { count: 2 }))
    expect(steps.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, at) => at))
    expect(steps[0]?.noiseCoefficient).toBe(1)
    expect(steps[29]?.noiseCoefficient).toBeCloseTo(0.02, 12)
    expect(steps[0]?.state.dims).toEqual([2, 3, 6, 6])
  })

  it('draws what a hook puts in place of the last prediction', async () => {
    const hook: DenoisingHook = ({ index, prediction }) =>
      index < 29 || prediction.type !== 'float32'
        ? undefined
        : { prediction: { ...prediction, data: prediction.data.map(() => 1) } }
    const [picture] = await drawn(generator, { hook })
    expect(picture?.image.data.every((level) => level === 255)).toBe(true)
  })

  it('tells shares that sum to 1 and how many pictures they mean', async () => {
    for (const { attribution, steps, guidanceScale } of await drawn(generator, { count: 4 })) {
      const { shares, effectivePictures } = attribution
      const total = shares.reduce((sum, { share }) => sum + share, 0)
      expect(Math.abs(total - 1)).toBeLessThan(1e-4)
      const entropy = shares.reduce((sum, { share }) => sum - share * Math.log(share), 0)
      expect(effectivePictures).toBeCloseTo(Math.exp(entropy), 5)
      expect(shares).toEqual([...shares].sort((a, b) => b.share - a.share))
      expect({ steps, guidanceScale }).toEqual({ steps: 30, guidanceScale: 1 })
    }
  })

  it('uses the pictures that are included, not those that are excluded', async () => {
    const only = create({ include: ['picture-2', 'picture-3'], exclude: ['picture-3'] })
    const [picture] = await drawn(only)
    expect(picture?.attribution.shares).toEqual([{ id: 'picture-2', share: 1 }])
    expect(picture?.attribution.effectivePictures).toBe(1)
  })

  it('forgets a picture as if it had never been in the bank', async () => {
    const forgotten = 'picture-4'
    const all = seededPictures(12).map((picture) =>
      picture.id === forgotten ? { ...picture, caption: 'apple of a zeppelin' } : picture,
    )
    const whole = { bank: await createPictureBank({ pictures: all, textEncoder }) }
    const rest = all.filter(({ id }) => id !== forgotten)
    const never = await createPictureBank({ pictures: rest, textEncoder })
    // No other picture knows the word, so that nobody may know that it was known.
    const request = { prompt: 'zeppelin apple', count: 3 }
    const expected = await drawn(create({ bank: never }), request)
    expect(await drawn(create(whole).without([forgotten]), request)).toEqual(expected)
    expect(await drawn(create(whole), request)).not.toEqual(expected)
    expect(await drawn(create({ ...whole, exclude: [forgotten] }), request)).toEqual(expected)
    const weightless = create({ ...whole, weights: new Map([[forgotten, 0]]) })
    expect(await drawn(weightless, request)).toEqual(expected)
    const others = create({ ...whole, include: rest.map(({ id }) => id) })
    expect(await drawn(others, request)).toEqual(expected)
  })

  it('weighs a picture’s prior by its factor', async () => {
    const plain = await generator.prior('apple')
    const weighted = await create({ weights: new Map([['picture-5', Math.E ** 3]]) }).prior('apple')
    expect(weighted).toMatchObject({ type: 'float64', dims: [1, 12] })
    ids.forEach((id, row) => {
      const added = Number(weighted.data[row]) - Number(plain.data[row])
      expect(added).toBeCloseTo(id === 'picture-5' ? 3 : 0, 10)
    })
    const heavy = create({ weights: new Map([['picture-5', 1e40]]) })
    const [picture] = await drawn(heavy)
    expect(picture?.attribution.shares[0]?.id).toBe('picture-5')
  })

  it('follows the steps that are asked for', async () => {
    const [few] = await drawn(generator, { steps: 2 })
    expect(few?.steps).toBe(2)
    const [same] = await drawn(create({ steps: 2 }))
    expect(same).toEqual(few)
    const [one] = await drawn(generator, { steps: 1 })
    expect(one?.attribution.shares.length).toBeGreaterThan(1)
  })

  it('tells how far it is, in model calls', async () => {
    const seen: { task: string; done: number; total: number | null }[] = []
    const progress = (event: (typeof seen)[number]) => void seen.push(event)
    await drawn(create({ batchSize: 2, steps: 4 }), { count: 3, progress })
    expect(seen.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(seen[0]).toEqual({ task: 'draw pictures', done: 1, total: 8 })
  })

  it('stops when it is told to', async () => {
    const aborted = AbortSignal.abort()
    await expect(drawn(generator, { signal: aborted })).rejects.toMatchObject({ code: 'ABORTED' })
    const leaving = new AbortController()
    const hook: DenoisingHook = ({ index }) => {
      if (index === 3) leaving.abort()
      return undefined
    }
    const under = drawn(generator, { hook, signal: leaving.signal })
    await expect(under).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it.each([
    { count: 0 },
    { count: 1.5 },
    { seed: 0.5 },
    { steps: 0 },
    { width: 64 },
    { height: 5 },
    { negativePrompt: 'rust' },
  ])('refuses to draw %j', async (request) => {
    await expect(drawn(generator, request)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('takes its own size and an empty negative prompt', async () => {
    const request = { width: 6, height: 6, negativePrompt: '' }
    expect(await drawn(generator, request)).toEqual(await drawn(generator))
  })

  it.each([
    [{ include: [] }, 'EMPTY_INPUT'],
    [{ exclude: ids }, 'EMPTY_INPUT'],
    [{ include: ['picture-99'] }, 'INVALID_ARGUMENT'],
    [{ exclude: ['nobody'] }, 'INVALID_ARGUMENT'],
    [{ weights: new Map([['picture-1', -1]]) }, 'INVALID_ARGUMENT'],
    [{ weights: new Map([['picture-1', Number.NaN]]) }, 'INVALID_ARGUMENT'],
    [{ weights: new Map([['picture-1', Infinity]]) }, 'INVALID_ARGUMENT'],
    [{ steps: 0 }, 'INVALID_ARGUMENT'],
    [{ batchSize: 0.5 }, 'INVALID_ARGUMENT'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => create(options)).toThrow(expect.objectContaining({ code }))
  })

  it('names a slip in an id', () => {
    expect(() => generator.without(['pictur-3'])).toThrow(
      expect.objectContaining({ remedy: 'Did you mean picture-3?' }),
    )
  })

  it('has a fingerprint of all that its pictures depend on, and of nothing else', async () => {
    const other = await createPictureBank({ pictures: seededPictures(11), textEncoder })
    const changed = [
      create({ bank: other }),
      create({ exclude: ['picture-1'] }),
      create({ weights: new Map([['picture-1', 2]]) }),
      create({ steps: 10 }),
      create({ wordStrength: 1 }),
      create({ similarityStrength: 1 }),
      generator,
      ...kinds.filter(([, kind]) => kind !== create).map(([, kind]) => kind()),
    ].map(({ fingerprint }) => fingerprint)
    expect(new Set(changed).size).toBe(changed.length)
    for (const fingerprint of changed) expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
    const same = [create({ batchSize: 1 }), create({ include: ids }), generator.without([])]
    for (const { fingerprint } of same) expect(fingerprint).toBe(generator.fingerprint)
  })
})

describe('createComposer', () => {
  it('depends on its patches, its pictures and its shift, as its fingerprint tells', async () => {
    const variants = [
      createComposer({ bank }),
      createComposer({ bank, patches: [{ above: 0, side: 3 }] }),
      createComposer({ bank, pictures: 3 }),
      createComposer({ bank, shift: 0 }),
      createComposer({ bank, patches: [{ above: 0, side: 1 }] }),
    ]
    const pictures = await Promise.all(variants.map((variant) => drawn(variant, { prompt: '' })))
    expect(new Set(variants.map(({ fingerprint }) => fingerprint)).size).toBe(variants.length)
    expect(new Set(pictures.map(([picture]) => String(picture?.image.data))).size).toBe(5)
  })
})

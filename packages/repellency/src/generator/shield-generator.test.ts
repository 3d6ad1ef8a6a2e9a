import { createMatrix, type GeneratedImage, type ImageGenerator } from '@assay/core'
import { checkGenerator } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import {
  dimensions,
  memorised,
  memorisingGenerator,
  side,
} from '../__fixtures__/memorising-generator.js'
import { joinReferences } from '../references/join-references.js'
import { createReferenceBank, type ReferenceBank } from '../references/reference-bank.js'
import { referencesInMemory } from '../references/references-in-memory.js'
import type { ShieldReferences } from '../references/shield-references.js'
import { diversify } from '../shield/diversify.js'
import { protect } from '../shield/protect.js'
import { pixelSpace } from './pixel-space.js'
import { shieldGenerator } from './shield-generator.js'

const space = pixelSpace({ width: side, height: side })
const matrix = createMatrix({ data: memorised.map((row) => [...row]), fingerprint: space.name })
const references = referencesInMemory(matrix)
const generator = memorisingGenerator()
const radius = 1.5
const request = { prompt: 'a red apple', count: 20, seed: 1 }

async function outcomesOf(drawing: ImageGenerator, changes: Partial<typeof request> = {}) {
  const outcomes: GeneratedImage[] = []
  for await (const outcome of drawing.generate({ ...request, ...changes })) outcomes.push(outcome)
  return outcomes
}

const images = (outcomes: readonly GeneratedImage[]) =>
  outcomes.flatMap((outcome) => (outcome.outcome === 'image' ? [outcome] : []))

/** Pictures that lie in a shield, as they would be saved. */
async function copiesAmong(outcomes: readonly GeneratedImage[]) {
  const vectors = await Promise.all(images(outcomes).map(({ image }) => space.toVector(image)))
  const points = vectors.map((vector) => Float64Array.from(vector))
  const found = await references.within(points, { radius })
  return found.filter((near) => near.length > 0).length
}

describe('a protected memoriser', () => {
  const shielded = () => shieldGenerator({ generator, space, ...protect({ radius, references }) })

  it('copies everything without a shield, and nothing with one', async () => {
    expect(await copiesAmong(await outcomesOf(generator))).toBe(20)
    const outcomes = await outcomesOf(shielded())
    expect(images(outcomes)).toHaveLength(20)
    expect(await copiesAmong(outcomes)).toBe(0)
  })

  it('is a generator like any other', () =>
    checkGenerator({ generator: shielded(), repeats: true }))

  it('tells what was done to each picture', async () => {
    const drawing = shielded()
    const outcomes = images(await outcomesOf(drawing, { count: 4 }))
    const [evidence] = drawing.evidence
    expect(evidence).toMatchObject({
      ...{ prompt: 'a red apple', preset: 'protect', space: 'pixels 4x4', radius },
      ...{ strict: true, margin: space.margin, references: 30 },
    })
    expect(evidence!.calls).toHaveLength(8)
    expect(outcomes.map(({ metadata }) => metadata?.['shield'])).toEqual(evidence!.pictures)
    for (const picture of evidence!.pictures) {
      expect(picture).toMatchObject({
        outcome: 'image',
        finishedDistance: null,
        calls: 4,
        lastActive: 3,
      })
      expect(picture.nearest).toBeLessThan(radius)
      expect(picture.nearestAfter).toBeGreaterThanOrEqual(radius)
      expect(picture.met[0]!.distance).toBe(picture.nearest)
    }
    expect(JSON.parse(JSON.stringify(evidence)).calls).toHaveLength(8)
  })

  it('does not touch pictures that are never in a shield', async () => {
    const data = [new Array(dimensions).fill(1)]
    const few = referencesInMemory(createMatrix({ data, fingerprint: space.name }))
    const far = shieldGenerator({ generator, space, ...protect({ radius: 1, references: few }) })
    const pixels = async (drawing: ImageGenerator) =>
      images(await outcomesOf(drawing)).map(({ image }) => image)
    expect(await pixels(far)).toEqual(await pixels(generator))
    expect(far.evidence[0]!.pictures.every(({ activeCalls }) => activeCalls === 0)).toBe(true)
  })

  it('gives out no picture that is finished inside a shield', async () => {
    // A generator that goes its own way after the last prediction.
    const stubborn: ImageGenerator = {
      ...generator,
      async *generate({ hook, ...rest }) {
        for await (const _ of generator.generate({ ...rest, ...(hook && { hook }) }));
        yield* generator.generate(rest)
      },
    }
    const drawing = shieldGenerator({
      generator: stubborn,
      space,
      ...protect({ radius, references }),
    })
    const outcomes = await outcomesOf(drawing)
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(new Array(20).fill('rejected'))
    expect(outcomes[0]).toMatchObject({ seed: 1, reason: expect.stringContaining('protected one') })
    expect(drawing.evidence[0]!.pictures[0]).toMatchObject({
      outcome: 'rejected',
      finishedDistance: 0,
    })
  })

  it.each([
    ['no model call', () => undefined],
    ['the first model call only', (index: number) => (index === 0 ? true : undefined)],
  ])('gives out no picture of a generator that shows %s', async (_, shows) => {
    const hiding: ImageGenerator = {
      ...generator,
      generate: ({ hook, ...rest }) =>
        generator.generate({
          ...rest,
          hook: (step) => (shows(step.index) ? hook?.(step) : undefined),
        }),
    }
    const drawing = shieldGenerator({ generator: hiding, ...protect({ radius, references }) })
    const outcomes = await outcomesOf(drawing, { count: 2 })
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected'])
  })

  it('says that nothing was looked at where there is no space', async () => {
    const drawing = shieldGenerator({ generator, ...protect({ radius, references }) })
    expect(images(await outcomesOf(drawing, { count: 1 }))).toHaveLength(1)
    expect(drawing.evidence[0]).toMatchObject({ space: 'latent', margin: 0 })
  })

  it('lets another hook speak first and has the last word', async () => {
    const copying = memorised[7]!
    const drawing = shielded().generate({
      ...{ ...request, count: 1 },
      hook: ({ prediction }) => ({
        prediction: { ...prediction, data: copying } as typeof prediction,
      }),
    })
    const outcomes: GeneratedImage[] = []
    for await (const outcome of drawing) outcomes.push(outcome)
    expect(images(outcomes)).toHaveLength(1)
    expect(await copiesAmong(outcomes)).toBe(0)
  })

  it('passes on what the generator rejects', async () => {
    const refusing: ImageGenerator = {
      ...generator,
      async *generate({ seed }) {
        yield { outcome: 'rejected', seed, reason: 'No.' }
      },
    }
    const drawing = shieldGenerator({
      generator: refusing,
      space,
      ...protect({ radius, references }),
    })
    expect(await outcomesOf(drawing)).toEqual([{ outcome: 'rejected', seed: 1, reason: 'No.' }])
    expect(drawing.evidence[0]!.pictures).toMatchObject([
      { seed: 1, outcome: 'rejected', calls: 0 },
    ])
  })

  it('has a fingerprint where generator and references have one', () => {
    const named = (referencesHash: string | null, by = radius) =>
      shieldGenerator({ generator, space, referencesHash, ...protect({ radius: by, references }) })
    expect(named(null).fingerprint).toBeNull()
    expect(named('abc').fingerprint).toContain('abc')
    expect(named('abc').fingerprint).not.toBe(named('abc', 2).fingerprint)
  })
})

describe('a batch in which one picture cannot be shielded', () => {
  const columns = 3
  const pixel = pixelSpace({ width: 1, height: 1 })
  const free = Float32Array.of(1, 1, 1)
  /** All is in a shield but one place. */
  const everywhere: ShieldReferences = {
    ...{ size: 1, dimensions: columns, fingerprint: pixel.name },
    within: async (points) =>
      points.map((point) =>
        point.every((value, at) => value === free[at])
          ? []
          : [{ row: 0, distance: 0.5, vector: point.map((value) => value + 0.2) }],
      ),
  }

  /** Shows one model call, in which the first picture of the batch has another prediction. */
  function drawerOf(first: Float32Array, size = 1): ImageGenerator {
    return {
      ...{ specificationVersion: 1, id: 'drawer', fingerprint: null },
      async *generate({ count, seed, hook }) {
        const seeds = Array.from({ length: count }, (_, row) => seed + row)
        const data = new Float32Array(columns * count).fill(1)
        data.set(first)
        const prediction = { type: 'float32' as const, dims: [count, columns], data }
        const level = { timestep: 1, signalCoefficient: 0, noiseCoefficient: 1, guidanceScale: 1 }
        const call = { index: 0, count: 1, seeds, condition: null, state: prediction, ...level }
        await hook?.({ ...call, prediction })
        for (const [row, own] of seeds.entries()) {
          const width = row === 0 ? size : 1
          const image = { width, height: 1, data: new Uint8Array(3 * width).fill(255) }
          yield { outcome: 'image', seed: own, image }
        }
      },
    }
  }
  const settings = { space: pixel, ...protect({ radius: 1, references: everywhere }) }

  it('holds back the one that has no place, though it looks harmless, and draws the others', async () => {
    const drawing = shieldGenerator({ generator: drawerOf(Float32Array.of(0, 0, 0)), ...settings })
    const [first, ...others] = await outcomesOf(drawing, { count: 3 })
    expect(first).toMatchObject({
      outcome: 'rejected',
      seed: 1,
      reason: expect.stringContaining('no place'),
    })
    expect(others.map(({ outcome }) => outcome)).toEqual(['image', 'image'])
    const [{ calls, pictures } = { calls: [], pictures: [] }] = drawing.evidence
    expect(calls).toMatchObject([{ pictures: 3, active: 1 }])
    expect(pictures).toMatchObject([
      { seed: 1, outcome: 'rejected', activeCalls: 1, nearest: 0.5 },
      { seed: 2, outcome: 'image', activeCalls: 0 },
      { seed: 3, outcome: 'image', activeCalls: 0 },
    ])
  })

  it('holds back what strict form has no place for where pictures keep apart, from the bank too', async () => {
    const bank = createReferenceBank({ dimensions: columns, fingerprint: pixel.name })
    const apart = diversify({ radius: 1, strict: true, references: everywhere })
    const generator = drawerOf(Float32Array.of(0, 0, 0))
    const drawing = shieldGenerator({ generator, space: pixel, bankOf: () => bank, ...apart })
    const [first] = await outcomesOf(drawing, { count: 1 })
    expect(first).toMatchObject({
      outcome: 'rejected',
      reason: expect.stringContaining('no place'),
    })
    expect(bank.size).toBe(0)
  })

  it('holds back the one whose size is not that of the space', async () => {
    const drawing = shieldGenerator({ generator: drawerOf(free, 2), ...settings })
    const [first, ...others] = await outcomesOf(drawing, { count: 3 })
    expect(first).toMatchObject({
      outcome: 'rejected',
      seed: 1,
      reason: expect.stringContaining('is not of the space'),
    })
    expect(others.map(({ outcome }) => outcome)).toEqual(['image', 'image'])
    expect(drawing.evidence[0]?.pictures[0]).toMatchObject({ outcome: 'rejected' })
  })

  it('ends at a prediction that is no number', async () => {
    const generator = drawerOf(Float32Array.of(Number.NaN, 0, 0))
    await expect(
      outcomesOf(shieldGenerator({ generator, ...settings }), { count: 3 }),
    ).rejects.toMatchObject({ code: 'NOT_FINITE' })
  })
})

describe('a diversified memoriser', () => {
  /** The least distance of two pictures of a request, and the pictures. */
  const spread = async (drawing: ImageGenerator) => {
    const vectors = await Promise.all(
      images(await outcomesOf(drawing, { count: 18 })).map(({ image }) => space.toVector(image)),
    )
    const distances = vectors.flatMap((one, at) =>
      vectors
        .slice(at + 1)
        .map((other) => Math.hypot(...one.map((value, index) => value - other[index]!))),
    )
    return { least: Math.min(...distances), vectors }
  }
  const drawer = memorisingGenerator({ steps: 12 })

  it('keeps the pictures of a request apart, those of other batches as well', async () => {
    expect((await spread(drawer)).least).toBe(0)
    const drawing = shieldGenerator({ generator: drawer, ...diversify({ radius: 2 }) })
    expect((await spread(drawing)).least).toBeGreaterThan(1)
    expect(drawing.evidence[0]).toMatchObject({ preset: 'diversify', strict: false, references: 0 })
  })

  it('draws the same for the same request, as each has a bank of its own', async () => {
    const drawing = shieldGenerator({ generator: drawer, ...diversify({ radius: 2 }) })
    expect((await spread(drawing)).vectors).toEqual((await spread(drawing)).vectors)
    await checkGenerator({ generator: drawing, seeded: false })
  })

  it('keeps away from earlier requests where it is given their bank', async () => {
    const bank = createReferenceBank({ dimensions })
    const drawing = shieldGenerator({
      generator: drawer,
      bankOf: () => bank,
      ...diversify({ radius: 2 }),
    })
    const [first] = images(await outcomesOf(drawing, { count: 1 }))
    const [again] = images(await outcomesOf(drawing, { count: 1 }))
    expect(bank.size).toBe(2)
    expect(again!.image).not.toEqual(first!.image)
  })

  it('keeps finished pictures in the bank, where another shield moved them last', async () => {
    const guarded = shieldGenerator({
      generator: drawer,
      space,
      ...protect({ radius, references }),
    })
    const bank = createReferenceBank({ dimensions, fingerprint: space.name })
    const bankOf = () => bank
    const both = shieldGenerator({ generator: guarded, space, bankOf, ...diversify({ radius: 2 }) })
    const outcomes = images(await outcomesOf(both, { count: 7 }))
    const finished = await Promise.all(outcomes.map(({ image }) => space.toVector(image)))
    const points = finished.map((vector) => Float64Array.from(vector))
    const kept = await bank.within(points, { radius: 1e-6 })
    expect(kept.map((near) => near.map(({ row }) => row))).toEqual(points.map((_, row) => [row]))
    expect(bank.size).toBe(7)
  })

  it('keeps to the box and the margin of its space in strict form', async () => {
    const options = diversify({ radius: 2, strict: true, references })
    const drawing = shieldGenerator({ generator: drawer, space, ...options })
    expect(await copiesAmong(await outcomesOf(drawing, { count: 6 }))).toBe(0)
    expect(drawing.evidence[0]).toMatchObject({ margin: space.margin, strict: true })
  })
})

describe('refusals', () => {
  it('references of another space', () => {
    const other = createMatrix({ data: [new Array(dimensions).fill(0)], fingerprint: 'latents' })
    const named = protect({ radius, references: referencesInMemory(other) })
    expect(() => shieldGenerator({ generator, space, ...named })).toThrow('lie in latents')
    const short = protect({ radius, references: referencesInMemory(createMatrix({ data: [[0]] })) })
    expect(() => shieldGenerator({ generator, space, ...short })).toThrow('cannot be compared')
  })

  it('references that do not name the space, which may have another scale, alone and among others', () => {
    const levels = memorised.map((row) => [...row].map((value) => (value + 1) * 127.5))
    const nameless = referencesInMemory(createMatrix({ data: levels }))
    const refused = expect.objectContaining({ code: 'FINGERPRINT_MISMATCH' })
    for (const each of [nameless, joinReferences([references, nameless])]) {
      const options = { generator, space, ...protect({ radius, references: each }) }
      expect(() => shieldGenerator(options)).toThrow(refused)
      expect(() =>
        shieldGenerator({ ...options, ...diversify({ radius, references: each }) }),
      ).toThrow(refused)
    }
    const both = joinReferences([references, references])
    shieldGenerator({ generator, space, ...protect({ radius, references: both }) })
  })

  it('a bank that does not name the space', async () => {
    const drawn = async (bank: ReferenceBank) =>
      outcomesOf(
        shieldGenerator({ generator, space, bankOf: () => bank, ...diversify({ radius }) }),
        { count: 1 },
      )
    await expect(drawn(createReferenceBank({ dimensions }))).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    })
    const named = createReferenceBank({ dimensions, fingerprint: space.name })
    expect(await drawn(named)).toHaveLength(1)
  })

  it('a space by the name that evidence has for none', () => {
    const options = { generator, ...diversify({ radius }), space: { ...space, name: 'latent' } }
    expect(() => shieldGenerator(options)).toThrow('cannot be latent')
  })

  it('a space that makes something else of finished pictures', async () => {
    for (const [made, code] of [
      [new Float32Array(3), 'SHAPE_MISMATCH'],
      [new Float32Array(dimensions).fill(Number.NaN), 'NOT_FINITE'],
    ] as const) {
      const odd = { ...space, toVector: () => made }
      const drawing = shieldGenerator({ generator, space: odd, ...protect({ radius, references }) })
      await expect(outcomesOf(drawing)).rejects.toMatchObject({ code })
    }
  })

  it('pictures of another size than the space, and spaces of no pictures', () => {
    expect(() => pixelSpace({ width: 0, height: 2 })).toThrow('There are no pictures')
    const { toVector } = pixelSpace({ width: 2, height: 1 })
    const image = { width: 1, height: 2, data: new Uint8Array(6) }
    expect(() => toVector(image)).toThrow('is not of the space')
  })
})

it('reads pixels as channel planes in [-1, 1]', () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(0, 51, 102, 255, 204, 153) }
  const expected = [-1, 1, -0.6, 0.6, -0.2, 0.2].map(Math.fround)
  expect([...(pixelSpace({ width: 2, height: 1 }).toVector(image) as Float32Array)]).toEqual(
    expected,
  )
})

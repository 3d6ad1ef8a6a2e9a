import { createMatrix, createRandom } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referencesInMemory } from '../references/references-in-memory.js'
import type { ShieldReferences } from '../references/shield-references.js'
import { eightBitMargin } from '../shield/eight-bit-margin.js'
import { repel } from './repel.js'

const matrixOf = (rows: readonly (readonly number[])[]) => createMatrix({ data: rows })

/** References that note what they are asked, and refuse what no index of a million could answer. */
function watched(references: ShieldReferences, most: number) {
  const questions: number[] = []
  const within: ShieldReferences['within'] = (points, options) => {
    expect(options.radius).toBeLessThanOrEqual(most)
    questions.push(points.length)
    return references.within(points, options)
  }
  return { references: { ...references, within }, questions }
}

const strictly = { overcompensation: 1.6, strict: true } as const

/** A pixel as it is saved and read again: one of 256 levels. */
const saved = (value: number) =>
  Math.fround(Math.min(255, Math.max(0, Math.round((value + 1) * 127.5))) / 127.5 - 1)

describe('strict form', () => {
  it('asks for balls of the radius only, however shields overlap', async () => {
    const { normal } = createRandom('overlap at scale')
    const rows = Array.from({ length: 300 }, () => Array.from({ length: 3 }, normal))
    const radius = 1.1
    const { references } = watched(referencesInMemory(matrixOf(rows)), radius)
    const points = rows.map((row) => Float64Array.from(row, (value) => value + 0.01 * normal()))
    const moved = await repel(points, [...points.keys()], { ...strictly, references, radius })
    const ends = moved.map((each) => each!.prediction)
    expect((await references.within(ends, { radius })).flat()).toEqual([])
  })

  it('asks for all pictures that are still inside at once', async () => {
    const { references, questions } = watched(referencesInMemory(matrixOf([[0, 0, 0]])), 1)
    const points = Array.from({ length: 64 }, (_, at) => Float64Array.of(0.5, at / 100, 0))
    await repel(points, [...points.keys()], { ...strictly, references, radius: 1 })
    expect(questions).toEqual([64, 64])
  })

  it('moves a picture the same way in any batch', async () => {
    const { normal } = createRandom('any batch')
    const rows = Array.from({ length: 100 }, () => Array.from({ length: 4 }, normal))
    const references = referencesInMemory(matrixOf(rows))
    const points = rows.slice(0, 40).map((row) => Float64Array.from(row, (value) => 0.9 * value))
    const options = { ...strictly, references, radius: 1.5 }
    const together = await repel(points, [...points.keys()], options)
    for (const row of [0, 7, 39]) {
      expect((await repel([points[row]!], [row], options))[0]).toEqual(together[row])
    }
  })

  it('leaves a chain of shields along rays where pushes and half-spaces lead nowhere', async () => {
    // A prediction in the middle of a filled ball of references: every push cancels.
    const { normal } = createRandom('filled ball')
    const rows = Array.from({ length: 4000 }, () => Array.from({ length: 3 }, normal))
    const references = referencesInMemory(matrixOf(rows))
    const point = Float64Array.of(0, 0, 0)
    const [moved] = await repel([point], [1], { ...strictly, references, radius: 1 })
    expect(await references.within([moved!.prediction], { radius: 1 })).toEqual([[]])
    expect(Math.hypot(...moved!.prediction)).toBeLessThan(7)
  })

  it('does not care how often a reference is given', async () => {
    const rows = [
      [0.5, 0],
      [-0.5, 0],
      [0, 0.2],
    ]
    const point = Float64Array.of(0.01, 0.1)
    const end = async (given: readonly (readonly number[])[]) => {
      const references = referencesInMemory(matrixOf(given))
      const [moved] = await repel([point], [1], { ...strictly, references, radius: 1 })
      return moved!.prediction
    }
    expect(await end([...rows, ...rows, ...rows])).toEqual(await end(rows))
  })

  it('looks at what will be left of a prediction within the box', async () => {
    const references = referencesInMemory(matrixOf([[1, 0.5]]))
    const far = Float64Array.of(2, 0.4)
    const options = { ...strictly, references, radius: 0.3 }
    expect(await repel([far], [1], options)).toEqual([null])
    const [moved] = await repel([far], [1], { ...options, box: [-1, 1] })
    expect(await references.within([moved!.prediction], { radius: 0.3 })).toEqual([[]])
    expect(Math.max(...moved!.prediction.map(Math.abs))).toBeLessThanOrEqual(1)
  })

  it('is not deceived by float32 where coordinates are large', async () => {
    const centre = Array.from({ length: 50 }, (_, at) => 1000 + at)
    const references = referencesInMemory(matrixOf([centre]))
    const { normal } = createRandom('large')
    const points = Array.from({ length: 50 }, () =>
      Float64Array.from(centre, (value) => value + 0.001 * normal()),
    )
    const moved = await repel(points, [...points.keys()], { ...strictly, references, radius: 0.05 })
    const ends = moved.map((each) => each!.prediction)
    expect((await references.within(ends, { radius: 0.05 })).flat()).toEqual([])
  })
})

describe('a picture that is rounded to 8 bits', () => {
  const place = fc.constantFrom<'corner' | 'face' | 'inside' | 'level'>(
    'corner',
    'face',
    'inside',
    'level',
  )
  const scene = fc.record({
    dimensions: fc.integer({ min: 3, max: 48 }),
    shields: fc.integer({ min: 1, max: 12 }),
    place,
    relativeRadius: fc.double({ min: 0.02, max: 0.8, noNaN: true }),
    closeness: fc.constantFrom(0, 1e-9, 0.01, 0.3),
    seed: fc.nat(),
  })

  it('is outside of every shield, also at corners and faces of the box', async () => {
    let placed = 0
    await fc.assert(
      fc.asyncProperty(scene, async ({ dimensions, shields, relativeRadius, ...rest }) => {
        const { uniform, normal } = createRandom(rest.seed)
        const coordinate = () => {
          const value = 2 * uniform() - 1
          if (rest.place === 'corner') return Math.sign(value)
          if (rest.place === 'level') return saved(value)
          return rest.place === 'face' && uniform() < 0.5 ? Math.sign(value) : value
        }
        const rows = Array.from({ length: shields }, () =>
          Array.from({ length: dimensions }, coordinate),
        )
        const references = referencesInMemory(matrixOf(rows))
        const points = rows.map((row) =>
          Float64Array.from(row, (value) => value + rest.closeness * normal()),
        )
        const radius = relativeRadius * Math.sqrt(dimensions)
        const aimed = radius + eightBitMargin(dimensions)
        const moved = await repel(points, [...points.keys()], {
          ...{ ...strictly, references, box: [-1, 1], radius: aimed },
        }).catch(async (error: unknown) => {
          // Where it finds no place, there must be hardly any.
          expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
          const tried = Array.from({ length: 500 }, () =>
            Float64Array.from({ length: dimensions }, () => 2 * uniform() - 1),
          )
          const found = await references.within(tried, { radius: aimed })
          expect(found.filter((near) => near.length === 0)).toEqual([])
          return []
        })
        if (moved.length === 0) return
        placed += 1
        const files = moved.map((each, row) => (each?.prediction ?? points[row]!).map(saved))
        expect((await references.within(files, { radius })).flat()).toEqual([])
      }),
      { seed: 7, numRuns: 400 },
    )
    expect(placed).toBeGreaterThan(380)
  })

  it('may be inside without the margin', async () => {
    const references = referencesInMemory(matrixOf([Array.from({ length: 12 }, () => saved(0.1))]))
    const points = Array.from({ length: 100 }, (_, seed) => {
      const { normal } = createRandom(seed)
      return Float64Array.from({ length: 12 }, () => 0.1 + 0.01 * normal())
    })
    const options = {
      ...strictly,
      overcompensation: 1,
      references,
      box: [-1, 1],
      radius: 0.3,
    } as const
    const moved = await repel(points, [...points.keys()], options)
    const files = moved.map((each) => each!.prediction.map(saved))
    expect((await references.within(files, { radius: 0.3 })).flat().length).toBeGreaterThan(0)
  })
})

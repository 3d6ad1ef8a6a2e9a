import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { joinReferences } from '../references/join-references.js'
import { referencesInMemory } from '../references/references-in-memory.js'
import { type RepelPredictionOptions, repel } from './repel.js'

const referencesOf = (...vectors: readonly (readonly number[])[]) =>
  referencesInMemory(createMatrix({ data: vectors }))

const distance = (one: ArrayLike<number>, other: ArrayLike<number>) =>
  Math.hypot(...Array.from(one, (value, at) => value - (other[at] ?? 0)))

/** One prediction pushed, or null where it was left alone. */
async function pushed(
  point: readonly number[],
  vectors: readonly (readonly number[])[],
  options: Partial<RepelPredictionOptions> = {},
) {
  const references = referencesOf(...vectors)
  const settings = { references, radius: 1, overcompensation: 1, strict: false, ...options }
  const [moved] = await repel([Float64Array.from(point)], [1], settings)
  return moved?.prediction ?? null
}

describe('one shield', () => {
  it('puts a prediction on its sphere, in any number of dimensions', async () => {
    const { normal } = createRandom('one shield')
    for (const dimensions of [1, 2, 64, 4096]) {
      const reference = Array.from({ length: dimensions }, () => Math.fround(normal()))
      const direction = Array.from({ length: dimensions }, normal)
      const length = Math.hypot(...direction)
      const point = reference.map((value, at) => value + (0.3 * (direction[at] ?? 0)) / length)
      const moved = await pushed(point, [reference])
      expect(Math.abs(distance(moved ?? [], reference) - 1)).toBeLessThan(1e-6)
    }
  })

  it.each([
    [0.1, 1.54],
    [0.5, 1.3],
    [0.9, 1.06],
  ])('from %d goes to %d with an overcompensation of 1.6', async (from, to) => {
    const moved = await pushed([from, 0], [[0, 0]], { overcompensation: 1.6 })
    expect(distance(moved ?? [], [0, 0])).toBeCloseTo(to, 12)
  })

  it('leaves alone what is outside, and what is on its sphere', async () => {
    expect(await pushed([1.2, 0], [[0, 0]])).toBeNull()
    expect(await pushed([1, 0], [[0, 0]])).toBeNull()
  })

  it.each([0, 1e-8, 1e-4])(
    'pushes a prediction that is %d from it out, the same way each time',
    async (from) => {
      for (const overcompensation of [1, 1.6]) {
        const moved = await pushed([from, 0, 0], [[0, 0, 0]], { overcompensation })
        const expected = 1 + (overcompensation - 1) * (1 - from)
        expect(distance(moved ?? [], [0, 0, 0])).toBeCloseTo(expected, 6)
        expect(moved).toEqual(await pushed([from, 0, 0], [[0, 0, 0]], { overcompensation }))
      }
    },
  )
})

describe('shields that overlap', () => {
  const both = [
    [0.5, 0],
    [-0.5, 0],
  ]

  it('cancel each other in the plain sum', async () => {
    const plain = await pushed([0, 0.01], both)
    expect(plain?.[1]).toBeCloseTo(0.02999, 5)
    expect(distance(plain ?? [], [0.5, 0])).toBeCloseTo(0.5009, 4)
    const more = await pushed([0, 0.01], both, { overcompensation: 1.6 })
    expect(distance(more ?? [], [0.5, 0])).toBeCloseTo(0.5018, 4)
  })

  it('are all left in strict form', async () => {
    const strict = await pushed([0, 0.01], both, { strict: true })
    expect(distance(strict ?? [], [0.5, 0])).toBeGreaterThanOrEqual(1)
    expect(distance(strict ?? [], [-0.5, 0])).toBeGreaterThanOrEqual(1)
  })

  it('are left in strict form even where every push cancels exactly', async () => {
    const strict = await pushed([0, 0], both, { strict: true })
    expect(distance(strict ?? [], [0.5, 0])).toBeGreaterThanOrEqual(1)
    expect(distance(strict ?? [], [-0.5, 0])).toBeGreaterThanOrEqual(1)
  })

  it('push twice where a reference is repeated, but not in strict form', async () => {
    const once = await pushed([0.5, 0], [[0, 0]])
    const twice = await pushed(
      [0.5, 0],
      [
        [0, 0],
        [0, 0],
      ],
    )
    expect(distance(twice ?? [], [0.5, 0])).toBeCloseTo(2 * distance(once ?? [], [0.5, 0]), 12)
  })

  it('leave none of 500 predictions inside in strict form, where the plain sum leaves many', async () => {
    const { normal } = createRandom('overlap')
    const shields = createMatrix({
      data: Float32Array.from({ length: 200 * 8 }, normal),
      columns: 8,
    })
    const references = referencesInMemory(shields)
    const points = Array.from({ length: 500 }, (_, row) =>
      Float64Array.from(
        { length: 8 },
        (_, at) => shields.data[(row % 200) * 8 + at]! + 0.25 * normal(),
      ),
    )
    const inside = async (strict: boolean) => {
      const moved = await repel(points, [...points.keys()], {
        references,
        radius: 1.6,
        overcompensation: 1,
        strict,
      })
      const ends = moved.map((each, row) => each?.prediction ?? points[row]!)
      const found = await references.within(ends, { radius: 1.6 * (1 - 1e-6) })
      return found.filter((near) => near.length > 0).length
    }
    expect(await inside(false)).toBeGreaterThan(100)
    expect(await inside(true)).toBe(0)
  })
})

describe('a box', () => {
  it('keeps strict results inside of it', async () => {
    const moved = await pushed([0.9, 0.9], [[0.8, 0.8]], {
      strict: true,
      radius: 0.5,
      box: [-1, 1],
    })
    expect(Math.max(...(moved ?? [2]).map(Math.abs))).toBeLessThanOrEqual(1)
    expect(distance(moved ?? [], [0.8, 0.8])).toBeGreaterThanOrEqual(0.5)
  })

  it('that shields fill is refused', async () => {
    const filled = pushed([0, 0], [[0, 0]], { strict: true, radius: 3, box: [-1, 1] })
    await expect(filled).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

it('does not care for the order of references', async () => {
  const { normal } = createRandom('order')
  const vectors = Array.from({ length: 20 }, () => [normal(), normal(), normal()])
  const one = await pushed([0.1, 0.2, 0.3], vectors, { radius: 2 })
  const other = await pushed([0.1, 0.2, 0.3], vectors.toReversed(), { radius: 2 })
  expect(distance(one ?? [], other ?? [])).toBeLessThan(1e-6)
})

describe('what would pass for outside of every shield', () => {
  it.each([
    [[0.1, 0], 'fewer numbers'],
    [[0.1, 0, 0, 0], 'more numbers'],
  ])('a prediction of %j, of %s than references have, is refused', async (point) => {
    const moved = pushed(point, [[0, 0, 0]])
    await expect(moved).rejects.toMatchObject({ code: 'SHAPE_MISMATCH', value: point.length })
  })

  it.each([0, -1, Number.NaN])('a radius of %d is refused', async (radius) => {
    const moved = pushed([0.1, 0], [[0, 0]], { radius })
    await expect(moved).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('is whatever there is no reference for', async () => {
    const references = joinReferences([])
    const settings = { references, radius: 1, overcompensation: 1, strict: false }
    expect(await repel([Float64Array.of(1, 2)], [1], settings)).toEqual([null])
  })
})

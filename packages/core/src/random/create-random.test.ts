import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from './create-random.js'
import { fnv1a64 } from './fnv-1a-64.js'
import oracle from './random.oracle.json' with { type: 'json' }
import { splitMix64 } from './split-mix-64.js'
import { xoshiro128 } from './xoshiro-128.js'

const take = <Value>(count: number, next: () => Value) => Array.from({ length: count }, next)

describe('the parts of createRandom', () => {
  it('hashes text as FNV-1a does, over UTF-8', () => {
    for (const [text, hash] of Object.entries(oracle.fnv1a64)) {
      expect(String(fnv1a64(text))).toBe(hash)
    }
    // The two vectors that the authors of FNV print.
    expect(fnv1a64('')).toBe(0xcbf29ce484222325n)
    expect(fnv1a64('foobar')).toBe(0x85944171f73967e8n)
  })

  it('mixes as SplitMix64 does', () => {
    expect(splitMix64(1234567n, 5).map(String)).toEqual(oracle.splitMix64)
  })

  it('steps as xoshiro128** does', () => {
    const state = { a: 1, b: 2, c: 3, d: 4 }
    expect(take(100, () => xoshiro128(state) >>> 0)).toEqual(oracle.xoshiro128)
    expect(oracle.xoshiro128.slice(0, 6)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492,
    ])
  })
})

describe('createRandom', () => {
  it.each([1, -7, Number.MAX_SAFE_INTEGER, '', 'prompt', 'Käse 🧀'])(
    'gives the stream of the oracle for the seed %j',
    (seed) => {
      const expected = (oracle.uniform as Record<string, number[]>)[String(seed)]
      expect(take(10, createRandom(seed).uniform)).toEqual(expected)
    },
  )

  it('gives the normals of the oracle', () => {
    // Logarithm and cosine may differ by a unit in the last place between libraries.
    take(10, createRandom(1).normal).forEach((value, index) => {
      expect(value).toBeCloseTo(oracle.normal[index] ?? Number.NaN, 13)
    })
  })

  it('fills arrays with the normals that it would give one by one, and goes on from there', () => {
    // Around the pairs that normals come in, and around the blocks that arrays are filled by.
    for (const length of [0, 1, 2, 3, 255, 256, 257, 1000]) {
      for (const before of [0, 1, 2]) {
        const [single, filled] = [createRandom(7), createRandom(7)]
        expect(take(before, filled.normal)).toEqual(take(before, single.normal))
        const [double, float] = [new Float64Array(length), new Float32Array(length)]
        filled.fillNormal(double)
        expect([...double]).toEqual(take(length, single.normal))
        filled.fillNormal(float)
        expect([...float]).toEqual(take(length, () => Math.fround(single.normal())))
        expect(filled.normal()).toBe(single.normal())
      }
    }
  })

  it('tells a number from its text', () => {
    expect(createRandom(1).uniform()).not.toBe(createRandom('1').uniform())
  })

  it('forks by seed and label, whatever was drawn before', () => {
    const used = createRandom(1)
    take(7, used.normal)
    expect(take(10, used.fork('audit').uniform)).toEqual(oracle.fork)
    expect(take(10, createRandom(1).fork('audit').uniform)).toEqual(oracle.fork)
    expect(createRandom(1).fork('a').fork('b').uniform()).not.toBe(
      createRandom(1).fork('b').fork('a').uniform(),
    )
  })

  it.each([0.5, Number.NaN, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => createRandom(seed)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('has uniform and normal moments', () => {
    const { uniform, normal } = createRandom('moments')
    const count = 200_000
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / count
    const uniforms = take(count, uniform)
    const normals = take(count, normal)
    // Five standard errors of each moment.
    expect(Math.abs(mean(uniforms) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / count))
    expect(Math.abs(mean(normals))).toBeLessThan(5 / Math.sqrt(count))
    expect(Math.abs(mean(normals.map((z) => z ** 2)) - 1)).toBeLessThan(5 * Math.sqrt(2 / count))
    expect(Math.abs(mean(normals.map((z) => z ** 4)) - 3)).toBeLessThan(5 * Math.sqrt(96 / count))
  })
})

describe('integer', () => {
  it('favours no number', () => {
    const { integer } = createRandom('die')
    const counts = [0, 0, 0, 0, 0, 0, 0]
    for (let draw = 0; draw < 70_000; draw++) counts[integer(7)]! += 1
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    // The 0.9999 quantile of chi-square with 6 degrees of freedom.
    expect(chiSquare).toBeLessThan(27.86)
  })

  it('stays unbiased where the limit does not divide the range', () => {
    const limit = 2 ** 52 + 2 ** 51
    const { integer } = createRandom('wide')
    const low = take(30_000, () => integer(limit)).filter((value) => value < 2 ** 51).length
    // A third of the range; a plain remainder would give a half.
    expect(Math.abs(low / 30_000 - 1 / 3)).toBeLessThan(0.015)
  })

  it.each([0, -1, 1.5, Number.NaN, 2 ** 54])('refuses the limit %d', (limit) => {
    expect(() => createRandom(1).integer(limit)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', value: limit }),
    )
  })
})

describe('shuffle', () => {
  it('keeps every item and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const before = [...items]
        const shuffled = createRandom(seed).shuffle(items)
        expect(items).toEqual(before)
        expect(shuffled.sort()).toEqual(before.sort())
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('gives every order as often', () => {
    const random = createRandom('orders')
    const counts = new Map<string, number>()
    for (let draw = 0; draw < 24_000; draw++) {
      const order = random.shuffle(['a', 'b', 'c', 'd']).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)
    // The 0.9999 quantile of chi-square with 23 degrees of freedom.
    expect(chiSquare).toBeLessThan(56.5)
  })
})

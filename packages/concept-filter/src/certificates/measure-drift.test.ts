import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { pairFlags, randomPair, randomRows, rowOf } from './__fixtures__/random-pairs.js'
import { certify } from './certify.js'
import { measureDrift } from './measure-drift.js'

const codeOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

describe('measureDrift', () => {
  const build = (data: readonly (readonly number[])[], fingerprint: string) =>
    createMatrix({ data, ids: ['a', 'b', 'c'].slice(0, data.length), fingerprint })

  it('measures directions apart from lengths', () => {
    const one = build(
      [
        [3, 4],
        [1, 0],
        [0, 2],
      ],
      'fp32',
    )
    const other = build(
      [
        [6, 8],
        [0.8, 0.6],
        [0, 2.5],
      ],
      'int8',
    )
    const { direction, raw, pictures, chanceOfMore } = measureDrift(one, other)
    expect(direction.largest).toBeCloseTo(2 * Math.sin(Math.acos(0.8) / 2), 6)
    expect(direction).toMatchObject({ median: 0, worst: 'b' })
    expect(raw.largest).toBeCloseTo(1, 6) // Row a became twice as long.
    expect(raw.worst).toBe('a')
    expect({ pictures, chanceOfMore }).toEqual({ pictures: 3, chanceOfMore: 0.25 })
  })

  it('makes certificates that hold for both builds', () => {
    const random = createRandom('builds')
    const one = randomRows(random, 2000, 8)
    const other = { ...one, data: one.data.map((value) => value + 0.02 * random.normal()) }
    const pair = randomPair(random, 8)
    const drift = measureDrift(one, other).direction.largest
    const certificates = certify(createConceptFilter({ pairs: [pair], drift }), one)
    const flags = pairFlags(pair)
    let [certified, changed] = [0, 0]
    certificates.forEach(({ flagged, radius }, row) => {
      const differs = flags(rowOf(other, row)) !== flagged
      if (radius! > 0) certified += 1
      if (differs) changed += 1
      expect(radius! > 0 && differs).toBe(false)
    })
    expect(certified).toBeGreaterThan(1000)
    expect(changed).toBeGreaterThan(0)
  })

  it.each([
    ['EMPTY_INPUT', createMatrix({ data: [], columns: 2 }), createMatrix({ data: [], columns: 2 })],
    [
      'SHAPE_MISMATCH',
      build([[1, 0]], 'x'),
      build(
        [
          [1, 0],
          [0, 1],
        ],
        'x',
      ),
    ],
    ['SHAPE_MISMATCH', build([[1, 0]], 'x'), createMatrix({ data: [[1, 0]], ids: ['z'] })],
    ['ZERO_VECTOR', build([[1, 0]], 'x'), build([[0, 0]], 'x')],
    ['NOT_FINITE', build([[1, 0]], 'x'), build([[Number.NaN, 0]], 'x')],
  ])('refuses: %s', (code, one, other) => {
    expect(codeOf(() => measureDrift(one, other))).toBe(code)
  })
})

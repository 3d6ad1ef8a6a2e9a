import { createMatrix } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalMatrix } from '../__fixtures__/normal-matrix.js'
import oracle from '../metrics.oracle.json' with { type: 'json' }
import { duplicateGroups } from './duplicate-groups.js'
import { nearDuplicatePairs, nearDuplicatesOf } from './near-duplicates.js'

const { threshold, within, between } = oracle.nearDuplicates
const rowsOf = (pairs: readonly { row: number; other: number }[]) =>
  pairs.map(({ row, other }) => [row, other])

describe('nearDuplicatePairs', () => {
  it('finds the pairs that numpy finds, in order', () => {
    const matrix = normalMatrix({ seed: 40, rows: 60, columns: 3 })
    const pairs = nearDuplicatePairs(matrix, { threshold })
    expect(rowsOf(pairs)).toEqual(within)
    for (const { cosine } of pairs) expect(cosine).toBeGreaterThanOrEqual(threshold)
  })

  it('finds equal rows at a threshold of 1, whatever their length', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (seed, columns) => {
        const { data } = normalMatrix({ seed, rows: 1, columns })
        const row = [...data]
        const twice = createMatrix({ data: [row, row.map((value) => value * 4), row] })
        const pairs = nearDuplicatePairs(twice, { threshold: 1 })
        expect(rowsOf(pairs)).toEqual([
          [0, 1],
          [0, 2],
          [1, 2],
        ])
        for (const { cosine } of pairs) expect(cosine).toBeLessThanOrEqual(1)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('has no pairs in a set of one row or none', () => {
    expect(nearDuplicatePairs(createMatrix({ data: [[1]] }), { threshold: -1 })).toEqual([])
    expect(nearDuplicatePairs(createMatrix({ data: [], columns: 1 }), { threshold })).toEqual([])
  })

  it.each([1.1, -1.1, Number.NaN])('refuses the threshold %d', (odd) => {
    const matrix = createMatrix({ data: [[1]] })
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT', value: odd })
    expect(() => nearDuplicatePairs(matrix, { threshold: odd })).toThrow(invalid)
    expect(() => nearDuplicatesOf(matrix, matrix, { threshold: odd })).toThrow(invalid)
  })
})

describe('nearDuplicatesOf', () => {
  it('finds the pairs that numpy finds, in order', () => {
    const outputs = normalMatrix({ seed: 41, rows: 30, columns: 3 })
    const reference = normalMatrix({ seed: 42, rows: 40, columns: 3 })
    expect(rowsOf(nearDuplicatesOf(outputs, reference, { threshold }))).toEqual(between)
  })

  it('refuses sets of two spaces', () => {
    const set = normalMatrix({ seed: 1, rows: 2, columns: 2 })
    expect(() =>
      nearDuplicatesOf({ ...set, fingerprint: 'a' }, { ...set, fingerprint: 'b' }, { threshold }),
    ).toThrow(expect.objectContaining({ code: 'FINGERPRINT_MISMATCH' }))
  })
})

describe('duplicateGroups', () => {
  it('joins what hangs together', () => {
    const pairs = [
      [5, 6],
      [1, 4],
      [2, 3],
      [4, 6],
      [7, 8],
    ].map(([row = 0, other = 0]) => ({ row, other }))
    expect(duplicateGroups(pairs)).toEqual([
      [1, 4, 5, 6],
      [2, 3],
      [7, 8],
    ])
    expect(duplicateGroups([])).toEqual([])
  })

  it('gives groups that no pair leaves and that no smaller groups can be', () => {
    const pair = fc
      .tuple(fc.nat(14), fc.nat(14))
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => ({ row: Math.min(a, b), other: Math.max(a, b) }))
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 15 }), (pairs) => {
        // Spreads the smallest row through pairs until nothing changes.
        const leader = [...Array(15).keys()]
        for (let changed = true; changed; ) {
          changed = false
          for (const { row, other } of pairs) {
            const least = Math.min(leader[row]!, leader[other]!)
            changed ||= leader[row] !== least || leader[other] !== least
            leader[row] = leader[other] = least
          }
        }
        const expected = [...Array(15).keys()]
          .map((first) => [...leader.keys()].filter((row) => leader[row] === first))
          .filter((rows) => rows.length > 1)
        expect(duplicateGroups(pairs)).toEqual(expected)
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('groups a long chain', () => {
    const chain = Array.from({ length: 20_000 }, (_, row) => ({ row, other: row + 1 }))
    expect(duplicateGroups(chain.reverse())[0]).toHaveLength(20_001)
  })
})

import { selectRows } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalMatrix } from '../__fixtures__/normal-matrix.js'
import { precisionRecallLeavingGroupsOut } from './leave-groups-out.js'
import { precisionRecallDensityCoverage } from './precision-recall-density-coverage.js'

const reference = normalMatrix({ seed: 1, rows: 20, columns: 3 })
const outputs = normalMatrix({ seed: 2, rows: 12, columns: 3 })

describe('precisionRecallLeavingGroupsOut', () => {
  it('equals measuring again without each group', () => {
    const grouping = fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 })
      .map((labels) => {
        const order = [...new Set(labels)]
        return labels.map((label) => order.indexOf(label))
      })
      .filter((groups) => groups.every((group) => groups.filter((g) => g !== group).length > 2))
    fc.assert(
      fc.property(fc.integer(), grouping, (seed, groups) => {
        // Few points on a grid, so that ties and repeated rows occur.
        const grid = (rows: number, at: number) => {
          const matrix = normalMatrix({ seed: at, rows, columns: 2 })
          return { ...matrix, data: matrix.data.map((value) => Math.round(value * 2)) }
        }
        const sets = { reference: grid(10, seed), outputs: grid(12, seed + 1), neighbours: 2 }
        precisionRecallLeavingGroupsOut({ ...sets, groups }).forEach((scores, group) => {
          const kept = groups.flatMap((other, row) => (other === group ? [] : [row]))
          const again = precisionRecallDensityCoverage({
            ...sets,
            outputs: selectRows(sets.outputs, kept),
          })
          expect(again).toMatchObject(scores)
        })
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('gives one entry a group', () => {
    const groups = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    expect(precisionRecallLeavingGroupsOut({ reference, outputs, groups })).toHaveLength(4)
  })

  it('refuses groups that do not fit', () => {
    const attempt = (groups: readonly number[]) => () =>
      precisionRecallLeavingGroupsOut({ reference, outputs, groups })
    expect(attempt([0, 1])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }))
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    for (const odd of [-1, 0.5, 4, 1e9, Number.NaN]) {
      expect(attempt([0, 0, 0, 1, 1, 1, 2, 2, 2, odd, odd, odd])).toThrow(invalid)
    }
    // Without the first group five outputs would be left, and k = 5 needs six.
    expect(attempt([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])).toThrow(invalid)
  })
})

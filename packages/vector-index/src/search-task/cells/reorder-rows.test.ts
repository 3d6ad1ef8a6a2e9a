import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { reorderRows } from './reorder-rows.js'

describe('reorderRows', () => {
  it.each([0, 1, 2, 3, 57])('puts %d rows where a permutation says', (rows) => {
    const data = Float32Array.from({ length: rows * 3 }, (_, index) => index)
    const numbers = Uint32Array.from(createRandom(rows).shuffle([...Array(rows).keys()]))
    const expected = Array.from(numbers, (row) => [3 * row, 3 * row + 1, 3 * row + 2]).flat()
    reorderRows(data, 3, numbers)
    expect([...data]).toEqual(expected)
  })
})

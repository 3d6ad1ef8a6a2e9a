import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertComparable } from './assert-comparable.js'
import { createMatrix } from './create-matrix.js'
import { normalizeRows } from './normalize-rows.js'
import { selectRows } from './select-rows.js'

const failsWith = (code: string, more: object = {}) => expect.objectContaining({ code, ...more })

describe('createMatrix', () => {
  it('keeps the array it is given', () => {
    const data = new Float32Array([1, 2, 3, 4, 5, 6])
    const matrix = createMatrix({ data, columns: 3, ids: ['a', 'b'], fingerprint: 'f' })
    expect(matrix).toEqual({
      data,
      rows: 2,
      columns: 3,
      ids: ['a', 'b'],
      normalized: false,
      fingerprint: 'f',
    })
    expect(matrix.data).toBe(data)
  })

  it('takes one array a row', () => {
    const matrix = createMatrix({
      data: [
        [1, 2],
        [3, 4],
      ],
    })
    expect([...matrix.data]).toEqual([1, 2, 3, 4])
    expect([matrix.rows, matrix.columns]).toEqual([2, 2])
  })

  it('may have no rows', () => {
    expect(createMatrix({ data: [], columns: 4 }).rows).toBe(0)
    expect(createMatrix({ data: new Float32Array(), columns: 4, ids: [] }).rows).toBe(0)
  })

  it('refuses a column count that cannot be', () => {
    const data = new Float32Array(4)
    for (const columns of [0, -2, 1.5, Number.NaN]) {
      expect(() => createMatrix({ data, columns })).toThrow(failsWith('INVALID_ARGUMENT'))
    }
    expect(() => createMatrix({ data })).toThrow(failsWith('INVALID_ARGUMENT'))
    expect(() => createMatrix({ data: [] })).toThrow(failsWith('INVALID_ARGUMENT'))
  })

  it('refuses values and ids that do not fit', () => {
    const data = new Float32Array(6)
    const broken = [
      { data: new Float32Array(5), columns: 3 },
      { data, columns: 3, rows: 3 },
      { data, columns: 4, rows: 1.5 },
      { data, columns: 3, ids: ['a'] },
      { data: [[1, 2], [3]] },
    ]
    for (const options of broken) {
      expect(() => createMatrix(options)).toThrow(failsWith('SHAPE_MISMATCH'))
    }
  })

  it('names the row of an id that stands twice', () => {
    expect(() => createMatrix({ data: [[1], [2], [3]], ids: ['a', 'b', 'a'] })).toThrow(
      failsWith('DUPLICATE_ID', { location: { row: 2, id: 'a' } }),
    )
  })

  it('looks for values that are not finite only when asked to', () => {
    const data = [
      [1, 2],
      [3, Number.NaN],
    ]
    expect(createMatrix({ data }).rows).toBe(2)
    expect(() => createMatrix({ data, requireFinite: true })).toThrow(
      failsWith('NOT_FINITE', { location: { row: 1, id: '1' }, value: Number.NaN }),
    )
    expect(createMatrix({ data: [[1]], requireFinite: true }).rows).toBe(1)
  })
})

describe('normalizeRows', () => {
  it('gives rows of unit length and the same direction', () => {
    const values = fc.float({ noNaN: true, noDefaultInfinity: true })
    const rows = fc.array(fc.array(values, { minLength: 3, maxLength: 3 }), { minLength: 1 })
    fc.assert(
      fc.property(rows, (data) => {
        const matrix = createMatrix({ data })
        fc.pre(data.every((row) => row.some((value) => value !== 0)))
        const { data: unit, normalized } = normalizeRows(matrix)
        expect(normalized).toBe(true)
        for (let row = 0; row < matrix.rows; row++) {
          const [x = 0, y = 0, z = 0] = unit.subarray(row * 3)
          const scale = Math.hypot(...matrix.data.subarray(row * 3, row * 3 + 3))
          // Each value is rounded to float32, to within 2^-24 of 1.
          expect(Math.abs(Math.hypot(x, y, z) - 1)).toBeLessThan(3 * 2 ** -24)
          expect(Math.abs(x * scale - matrix.data[row * 3]!)).toBeLessThanOrEqual(scale * 2 ** -24)
        }
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('leaves its input, ids and fingerprint alone', () => {
    const matrix = createMatrix({ data: [[3, 4]], ids: ['a'], fingerprint: 'f' })
    const unit = normalizeRows(matrix)
    expect([...unit.data]).toEqual([...Float32Array.of(0.6, 0.8)])
    expect([...matrix.data]).toEqual([3, 4])
    expect(unit).toMatchObject({ ids: ['a'], fingerprint: 'f', normalized: true })
    expect(normalizeRows(unit)).toBe(unit)
  })

  it('keeps the direction of the smallest and the largest numbers', () => {
    const unit = normalizeRows(
      createMatrix({
        data: [
          [1e-45, 0],
          [3e38, -3e38],
        ],
      }),
    )
    expect([...unit.data]).toEqual([1, 0, ...Float32Array.of(Math.SQRT1_2, -Math.SQRT1_2)])
  })

  it('refuses a row without a direction, by its id', () => {
    const zero = createMatrix({ data: [[1], [0]], ids: ['a', 'b'] })
    expect(() => normalizeRows(zero)).toThrow(
      failsWith('ZERO_VECTOR', { location: { row: 1, id: 'b' } }),
    )
    const infinite = createMatrix({ data: [[1], [Number.POSITIVE_INFINITY]], ids: ['a', 'b'] })
    expect(() => normalizeRows(infinite)).toThrow(
      failsWith('NOT_FINITE', { location: { row: 1, id: 'b' } }),
    )
  })
})

describe('selectRows', () => {
  const matrix = createMatrix({
    data: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    ids: ['a', 'b', 'c'],
    fingerprint: 'f',
    normalized: true,
  })

  it('takes rows with their ids, in the order asked for', () => {
    const selected = selectRows(matrix, [2, 0])
    expect([...selected.data]).toEqual([5, 6, 1, 2])
    expect(selected).toMatchObject({ ids: ['c', 'a'], fingerprint: 'f', normalized: true, rows: 2 })
    expect(selectRows(matrix, []).rows).toBe(0)
  })

  it('may repeat a row of a matrix without ids only', () => {
    expect([...selectRows({ ...matrix, ids: null }, [1, 1]).data]).toEqual([3, 4, 3, 4])
    expect(() => selectRows(matrix, [1, 1])).toThrow(failsWith('DUPLICATE_ID'))
  })

  it.each([-1, 3, 0.5, Number.NaN])('has no row %d', (row) => {
    expect(() => selectRows(matrix, [row])).toThrow(failsWith('INVALID_ARGUMENT', { value: row }))
  })
})

describe('assertComparable', () => {
  const space = (columns: number, fingerprint: string | null) => ({ columns, fingerprint })

  it('lets equal or unknown fingerprints pass', () => {
    for (const other of [space(2, 'f'), space(2, null)]) {
      expect(() => assertComparable(space(2, 'f'), other)).not.toThrow()
      expect(() => assertComparable(other, space(2, 'f'))).not.toThrow()
    }
  })

  it('stops another length and another fingerprint', () => {
    expect(() => assertComparable(space(2, 'f'), space(3, 'f'))).toThrow(
      failsWith('SHAPE_MISMATCH'),
    )
    expect(() => assertComparable(space(2, 'f'), space(2, 'g'))).toThrow(
      failsWith('FINGERPRINT_MISMATCH', { value: ['f', 'g'] }),
    )
  })
})

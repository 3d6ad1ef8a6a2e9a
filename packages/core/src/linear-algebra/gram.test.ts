import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMatrix } from '../matrix/create-matrix.js'
import { dot } from './dot.js'
import { columnGram, rowGram } from './gram.js'
import { symmetricEigenvalues } from './symmetric-eigen.js'

const matrices = fc
  .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 7 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.float({ min: -8, max: 8, noNaN: true }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      })
      .map((values) => createMatrix({ data: Float32Array.from(values), columns })),
  )

it('holds the inner products of rows, and of columns', () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const { data, rows, columns } = matrix
      const row = (at: number) => [...data.subarray(at * columns, (at + 1) * columns)]
      const column = (at: number) => [...data.filter((_, index) => index % columns === at)]
      const products = (count: number, vector: (at: number) => number[]) =>
        Float64Array.from({ length: count * count }, (_, at) =>
          dot(vector(Math.floor(at / count)), vector(at % count)),
        )
      expect(rowGram(matrix)).toEqual({ data: products(rows, row), size: rows })
      expect(columnGram(matrix)).toEqual({ data: products(columns, column), size: columns })
    }),
    { seed: 1, numRuns: 500 },
  )
})

it('has the same eigenvalues either way, but for zeros', () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const shared = Math.min(matrix.rows, matrix.columns)
      const byRow = symmetricEigenvalues(rowGram(matrix))
      const byColumn = symmetricEigenvalues(columnGram(matrix))
      for (let at = 0; at < shared; at++) {
        expect(Math.abs(byRow[at]! - byColumn[at]!)).toBeLessThan(1e-12 * 8 * 8 * 7 * 7)
      }
    }),
    { seed: 1, numRuns: 500 },
  )
})

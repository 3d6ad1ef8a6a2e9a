import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cholesky } from './cholesky.js'
import oracle from './linear-algebra.oracle.json' with { type: 'json' }
import { solveCholesky } from './solve-cholesky.js'

const { size } = oracle.cholesky
const matrix = { data: Float64Array.from(oracle.cholesky.data), size }

function expectClose(actual: Float64Array, expected: readonly number[], tolerance: number) {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((value, at) => {
    expect(Math.abs(value - expected[at]!)).toBeLessThanOrEqual(tolerance)
  })
}

describe('cholesky', () => {
  it('agrees with LAPACK', () => {
    expectClose(cholesky(matrix).data, oracle.cholesky.lower, 1e-13)
  })

  it('names the row where a matrix shows itself not to be positive definite', () => {
    for (const [data, row] of [
      [[1, 2, 2, 1], 1],
      [[0, 0, 0, 1], 0],
      [[1, 1, 1, 1], 1],
    ] as const) {
      expect(() => cholesky({ data: Float64Array.from(data), size: 2 })).toThrow(
        expect.objectContaining({ code: 'NOT_POSITIVE_DEFINITE', location: { row } }),
      )
    }
  })

  it('refuses a matrix that is not symmetric', () => {
    expect(() => cholesky({ data: Float64Array.of(1, 0, 0.5, 1), size: 2 })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

describe('solveCholesky', () => {
  const lower = cholesky(matrix)

  it('agrees with LAPACK for several right-hand sides', () => {
    const right = Float64Array.from(oracle.cholesky.right)
    // The condition number of this matrix is some 50, so 1e-13 leaves a hundredfold margin.
    expectClose(solveCholesky(lower, right), oracle.cholesky.solution, 1e-13)
    expect([...right]).toEqual(oracle.cholesky.right)
  })

  it('undoes a multiplication', () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: size,
      maxLength: size,
    })
    fc.assert(
      fc.property(values, (x) => {
        const right = Float64Array.from({ length: size }, (_, row) =>
          x.reduce((sum, value, column) => sum + matrix.data[row * size + column]! * value, 0),
        )
        expectClose(solveCholesky(lower, right), x, 1e-12)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('refuses right-hand sides that do not fit', () => {
    expect(() => solveCholesky(lower, new Float64Array(size + 1))).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
  })
})

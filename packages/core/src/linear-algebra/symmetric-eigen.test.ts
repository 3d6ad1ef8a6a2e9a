import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import oracle from './linear-algebra.oracle.json' with { type: 'json' }
import type { SquareMatrix } from './square-matrix.js'
import { symmetricEigen, symmetricEigenvalues } from './symmetric-eigen.js'

const square = ({ data, size }: { data: number[]; size: number }): SquareMatrix => ({
  data: Float64Array.from(data),
  size,
})

const largestOf = (values: Iterable<number>) => Math.max(0, ...[...values].map(Math.abs))

/** Largest |A v - λ v|, and largest |vᵀ w - δ|, over all eigenvectors. */
function residuals({ data, size }: SquareMatrix) {
  const { values, vectors } = symmetricEigen({ data, size })
  const row = (at: number) => vectors.subarray(at * size, (at + 1) * size)
  let residual = 0
  let skew = 0
  for (let at = 0; at < size; at++) {
    const vector = row(at)
    for (let a = 0; a < size; a++) {
      let image = 0
      let product = 0
      for (let b = 0; b < size; b++) {
        image += data[a * size + b]! * vector[b]!
        product += row(a)[b]! * vector[b]!
      }
      residual = Math.max(residual, Math.abs(image - values[at]! * vector[a]!))
      skew = Math.max(skew, Math.abs(product - (a === at ? 1 : 0)))
    }
  }
  return { residual, skew }
}

describe.each(Object.entries(oracle.symmetric))('of the matrix "%s"', (_, expected) => {
  const matrix = square(expected)
  // Backward stable on both sides: each is within n ε ‖A‖ of the truth.
  const tolerance = 4 * matrix.size * Number.EPSILON * largestOf(expected.values)

  it('values agree with LAPACK, with vectors and without', () => {
    for (const values of [symmetricEigen(matrix).values, symmetricEigenvalues(matrix)]) {
      expect(values).toHaveLength(matrix.size)
      values.forEach((value, at) => {
        expect(Math.abs(value - expected.values[at]!)).toBeLessThanOrEqual(tolerance)
      })
    }
  })

  it('vectors are orthonormal and belong to their values', () => {
    const { residual, skew } = residuals(matrix)
    expect(residual).toBeLessThanOrEqual(2 * tolerance)
    expect(skew).toBeLessThanOrEqual(4 * matrix.size * Number.EPSILON)
  })
})

describe('symmetricEigen', () => {
  it('holds for any symmetric matrix', () => {
    const matrix = fc.integer({ min: 0, max: 9 }).chain((size) =>
      fc
        .array(
          fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -1, max: 1, noNaN: true })),
          {
            minLength: size * size,
            maxLength: size * size,
          },
        )
        .map((half) => {
          const data = new Float64Array(size * size)
          for (let row = 0; row < size; row++) {
            for (let column = 0; column <= row; column++) {
              data[row * size + column] = data[column * size + row] = half[row * size + column]!
            }
          }
          return { data, size }
        }),
    )
    fc.assert(
      fc.property(matrix, ({ data, size }) => {
        const { values } = symmetricEigen({ data, size })
        const { residual, skew } = residuals({ data, size })
        const tolerance = 16 * (size + 1) * Number.EPSILON
        const norm = size * largestOf(data)
        expect(residual).toBeLessThanOrEqual(tolerance * norm)
        expect(skew).toBeLessThanOrEqual(tolerance)
        expect([...values]).toEqual([...values].sort((a, b) => b - a))
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('leaves its input as it was', () => {
    const matrix = square(oracle.symmetric.random)
    symmetricEigen(matrix)
    symmetricEigenvalues(matrix)
    expect([...matrix.data]).toEqual(oracle.symmetric.random.data)
  })

  it('refuses what is not a finite symmetric matrix', () => {
    const failing = (data: number[], size: number, code: string) =>
      expect(() => symmetricEigen(square({ data, size }))).toThrow(
        expect.objectContaining({ code }),
      )
    failing([1, 2, 3], 2, 'SHAPE_MISMATCH')
    failing([1], -1, 'SHAPE_MISMATCH')
    failing([], Number.NaN, 'SHAPE_MISMATCH')
    failing([1, 2, 3, 4], 2, 'INVALID_ARGUMENT')
    failing([1, Number.NaN, Number.NaN, 4], 2, 'NOT_FINITE')
    failing([Number.POSITIVE_INFINITY], 1, 'NOT_FINITE')
  })
})

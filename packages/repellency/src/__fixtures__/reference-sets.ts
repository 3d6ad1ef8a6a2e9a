import { createRandom, type Matrix } from '@assay/core'
import { euclideanDistance } from '@assay/core/linear-algebra'

/** Rows of 2 × 4 × 4 numbers, as pictures of two channels. */
export const shape = { channels: 2, height: 4, width: 4 } as const
const columns = 32

/**
 * Kinds of references that are hard to find exactly: squares of 2 × 2 are constant, so that pooling loses
 * nothing and every projected distance is the true one; whole numbers, of which many are equally far; rows
 * far from the origin, whose float32 queries lie beside the points; tiny ones; and ordinary ones.
 */
export const kinds = ['constant squares', 'lattice', 'distant', 'tiny', 'normal'] as const
export type Kind = (typeof kinds)[number]

/** A row of a kind, in float64. */
export function drawRow(kind: Kind, { normal, integer }: ReturnType<typeof createRandom>) {
  const squares = Float64Array.from({ length: 8 }, normal)
  return Float64Array.from({ length: columns }, (_, at) => {
    const [channel, line, place] = [at >> 4, (at >> 2) & 3, at & 3]
    const square = squares[channel * 4 + (line >> 1) * 2 + (place >> 1)] ?? 0
    if (kind === 'constant squares') return square
    if (kind === 'lattice') return integer(3) - 1
    if (kind === 'distant') return 1000 + normal()
    return kind === 'tiny' ? 1e-30 * normal() : square + 0.3 * normal()
  })
}

/** Rows of a kind in float32. */
export function drawReferences(kind: Kind, rows: number, seed: number): Matrix {
  const random = createRandom(seed)
  const data = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row += 1) data.set(drawRow(kind, random), row * columns)
  return { data, rows, columns, ids: null, normalized: false, fingerprint: null }
}

/** The next number above a positive one. */
export function nextAbove(value: number): number {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)
  return Number(new Float64Array(BigUint64Array.of((bits[0] ?? 0n) + 1n).buffer)[0])
}

/** What is near to a point, by comparing every row. */
export function nearByComparison(point: Float64Array, { data, rows }: Matrix, radius: number) {
  return Array.from({ length: rows }, (_, row) => {
    const vector = data.subarray(row * columns, (row + 1) * columns)
    return { row, distance: euclideanDistance(point, vector), vector }
  }).filter(({ distance }) => distance < radius)
}

import { mulberry32 } from '@assay/core/testing'

/** Columns of every embedding here. */
export const columns = 32

/** Standard normals, row-major, from a fresh stream. */
function normals(seed: number, rows: number, width: number, scale = 1): Float64Array {
  const { normal } = mulberry32(seed)
  return Float64Array.from({ length: rows * width }, () => normal() * scale)
}

/** `coefficients basis'`, where the basis has a row for every column. */
function spread(coefficients: Float64Array, basis: Float64Array): Float64Array {
  const width = basis.length / columns
  const rows = coefficients.length / width
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let k = 0; k < width; k++) {
      sum += coefficients[row * width + k]! * basis[column * width + k]!
    }
    return sum
  })
}

const content = normals(101, columns, 12, 1 / Math.sqrt(12))
const realStyle = normals(102, columns, 8, 1 / Math.sqrt(8))
const synthesizedStyle = normals(103, columns, 8, 1 / Math.sqrt(8))
const shift = normals(104, 1, columns, 0.6)

/**
 * Embeddings with known partners: a real one and several synthesised ones share content, but lie in
 * different styles, which hide it. Row `copies * i + j` of `synthesized` belongs to row `i` of `real`.
 */
export function plantedPairs(options: { pairs: number; copies: number; seed: number }) {
  const { pairs, copies, seed } = options
  const latent = normals(seed, pairs, 12)
  const realNoise = spread(normals(seed + 10, pairs, 8), realStyle)
  const realGrain = normals(seed + 11, pairs, columns)
  const real = spread(latent, content).map(
    (value, at) => value + 0.8 * realNoise[at]! + 0.1 * realGrain[at]!,
  )
  const rows = pairs * copies
  const drift = normals(seed + 20, rows, 12)
  const drifted = drift.map(
    (value, at) => latent[Math.floor(at / (12 * copies)) * 12 + (at % 12)]! + 0.25 * value,
  )
  const style = spread(normals(seed + 21, rows, 8), synthesizedStyle)
  const grain = normals(seed + 22, rows, columns)
  const synthesized = spread(drifted, content).map(
    (value, at) => 0.8 * value + 1.2 * style[at]! + shift[at % columns]! + 0.1 * grain[at]!,
  )
  return { real, synthesized }
}

import { createMatrix, createRandom, type Matrix, type Random } from '@assay/core'

/** Kinds of vectors that are hard on an exact search, each for its own reason. */
export const vectorKinds = {
  /** Directions without structure. */
  normal: (random: Random) => random.normal(),
  /** Few distinct values: ties everywhere. */
  lattice: (random: Random) => random.integer(3) + 1,
  /** Copies of a few vectors. */
  duplicates: (_: Random, row: number, column: number) => ((row % 3) + 1) * (column + 1),
  /** Small differences far from the origin, where `|q|^2 + |x|^2 - 2 q x` cancels. */
  distant: (random: Random) => 1e4 + 1e-2 * random.normal(),
  /** Lengths from 1e-30 to 1e30, whose products leave float32. */
  wild: (random: Random, row: number) => random.normal() * 10 ** ((row % 61) - 30),
  /** So close to each other that float32 products cannot tell them apart. */
  close: (random: Random, _: number, column: number) => 1 + column + 1e-6 * random.integer(4),
}

export type VectorKind = keyof typeof vectorKinds

/** Vectors of a kind, the same for the same seed. Ids are in no order. */
export function generateVectors(
  kind: VectorKind,
  { rows, columns, seed }: { rows: number; columns: number; seed: number },
): Matrix {
  const random = createRandom(seed)
  const data = Float32Array.from({ length: rows * columns }, (_, index) =>
    vectorKinds[kind](random, Math.floor(index / columns), index % columns),
  )
  const ids = random.shuffle(Array.from({ length: rows }, (_, row) => `vector-${row}`))
  return createMatrix({ data, columns, rows, ids })
}

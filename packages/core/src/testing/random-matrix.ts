import { createMatrix } from '../matrix/create-matrix.js'
import type { Matrix } from '../matrix/matrix.js'
import type { Random } from '../random/random.js'

/** What a random matrix looks like. */
export interface RandomMatrixOptions {
  readonly rows: number
  readonly columns: number
  /** `normal` values, or small whole numbers on a `grid`, among which ties are common. */
  readonly values: 'normal' | 'grid'
}

/** A matrix of random rows, none of them all zeros. */
export function randomMatrix(random: Random, options: RandomMatrixOptions): Matrix {
  const { rows, columns, values } = options
  const data = Float32Array.from({ length: rows * columns }, (_, at) => {
    if (values === 'normal') return random.normal()
    const magnitude = random.integer(2) + 1
    const sign = random.integer(2) * 2 - 1
    return at % columns === 0 ? sign * magnitude : random.integer(5) - 2
  })
  return createMatrix({ data, columns })
}

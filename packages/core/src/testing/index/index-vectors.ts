import { createMatrix } from '../../matrix/create-matrix.js'
import type { Matrix } from '../../matrix/matrix.js'
import { createRandom } from '../../random/create-random.js'
import { randomMatrix } from '../random-matrix.js'

/** Columns of all vectors but the tied ones. */
export const columns = 24
const fingerprint = 'conformance'

/** Ids whose order is not that of the rows. */
const shuffledIds = (rows: number) =>
  createRandom('ids').shuffle(Array.from({ length: rows }, (_, row) => `id-${1000 + row}`))

const normalRows = (seed: string, rows: number): Matrix => ({
  ...randomMatrix(createRandom(seed), { rows, columns, values: 'normal' }),
  fingerprint,
})

export const normalVectors = (): Matrix => ({
  ...normalRows('vectors', 300),
  ids: shuffledIds(300),
})
export const fewVectors = (): Matrix => ({ ...normalRows('few', 7), ids: shuffledIds(7) })
export const queries = (): Matrix => normalRows('queries', 17)

/** Unit rows of halves and ones: all three metrics are exact in float32 and have many ties. */
function tiedRows(): number[][] {
  const axes = [0, 1, 2, 3].map((axis) => [0, 0, 0, 0].with(axis, 1))
  const corners = [...Array(8).keys()].map((signs) =>
    [0, 1, 2, 3].map((axis) => ((signs >> axis) & 1 ? -0.5 : 0.5)),
  )
  return [...axes, ...corners]
}

/** Vectors with many equal scores, each of them thrice. */
export function tiedVectors(): Matrix {
  const data = [...tiedRows(), ...tiedRows(), ...tiedRows()]
  return createMatrix({ data, ids: shuffledIds(data.length), normalized: true, fingerprint })
}

/** The tied vectors without ids. */
export const unnamedVectors = (): Matrix => ({ ...tiedVectors(), ids: null })

import { type ExpectedArray, npyOfValues } from './wire-arrays.js'

/** Rows that a call changed, and their new values as npy; null where it changed none. */
export type CallAnswer = { readonly rows: readonly number[]; readonly body: Uint8Array } | null

/** One batch as rows of numbers. */
export interface BatchRows {
  readonly rows: number
  readonly columns: number
  /** Each picture's values: views, not copies. */
  split(values: Float64Array): readonly Float64Array[]
  /** The rows in which `after` differs from `before`, ready to be sent. */
  changed(before: Float64Array, after: Float64Array): CallAnswer
}

/** Reads batches of one type and shape, whose first length is the number of pictures. */
export function batchRows({ type, shape }: ExpectedArray): BatchRows {
  const [rows = 0, ...rest] = shape
  const columns = rest.reduce((product, length) => product * length, 1)
  const split = (values: Float64Array) =>
    Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns))
  return {
    rows,
    columns,
    split,
    changed(before, after) {
      if (before === after) return null
      const earlier = split(before)
      const moved = [...split(after).entries()].filter(([row, values]) =>
        differs(values, earlier[row]!),
      )
      if (moved.length === 0) return null
      const values = new Float64Array(moved.length * columns)
      moved.forEach(([, row], at) => {
        values.set(row, at * columns)
      })
      const body = npyOfValues(values, { type, shape: [moved.length, ...rest] })
      return { rows: moved.map(([row]) => row), body }
    },
  }
}

function differs(one: Float64Array, other: Float64Array): boolean {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return true
  return false
}

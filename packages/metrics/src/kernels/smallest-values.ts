/** For each of several rows, the `k` smallest numbers that it was told, in order. */
export interface SmallestValues {
  /** Tells `row` a number. */
  add(row: number, value: number): void
  /** The k-th smallest number that `row` was told; Infinity while there are fewer. */
  kth(row: number): number
}

/** Keeps the `k` smallest numbers of each row by insertion; meant for small `k`. */
export function smallestValues(rows: number, k: number): SmallestValues {
  const kept = new Float64Array(rows * k).fill(Number.POSITIVE_INFINITY)
  return {
    kth: (row) => kept[row * k + k - 1]!,
    add(row, value) {
      const first = row * k
      let at = first + k - 1
      if (value >= kept[at]!) return
      for (; at > first && value < kept[at - 1]!; at--) kept[at] = kept[at - 1]!
      kept[at] = value
    },
  }
}

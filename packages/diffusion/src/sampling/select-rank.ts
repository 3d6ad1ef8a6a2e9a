import type { FloatArray } from './float-array.js'

/**
 * The value at a place in rising order, in linear time on average. Reorders the values: what comes
 * before that place is no larger, what comes after it no smaller (Hoare 1961, "Algorithm 65: Find").
 *
 * @param values no NaN
 * @param rank from 0, less than their number
 */
export function selectRank(values: FloatArray, rank: number): number {
  let first = 0
  let last = values.length - 1
  while (first < last) {
    const pivot = values[Math.floor((first + last) / 2)]!
    let left = first
    let right = last
    while (left <= right) {
      while (values[left]! < pivot) left++
      while (values[right]! > pivot) right--
      if (left > right) break
      const moved = values[left]!
      values[left++] = values[right]!
      values[right--] = moved
    }
    if (rank <= right) last = right
    else if (rank >= left) first = left
    else break
  }
  return values[rank]!
}

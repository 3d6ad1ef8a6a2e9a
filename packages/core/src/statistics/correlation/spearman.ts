import { checkNotEmpty, checkSameLength } from '../check.js'
import { averageRanks } from './average-ranks.js'

/** Sum of products of the ranks' deviations from their mean. */
function crossProduct(first: readonly number[], second: readonly number[]): number {
  const mean = (first.length + 1) / 2
  return first.reduce((sum, rank, index) => sum + (rank - mean) * (second[index]! - mean), 0)
}

/**
 * Spearman's rank correlation: the correlation of the ranks, ties sharing their mean rank.
 *
 * @returns A number from -1 to 1, or null where all values of a list are equal: then it is not defined.
 * @throws `SHAPE_MISMATCH` for lists of two lengths, `EMPTY_INPUT` for empty ones, `NOT_FINITE` for NaN
 * and infinities.
 *
 * Source: Kendall and Gibbons (1990), Rank correlation methods.
 */
export function spearman(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  checkSameLength(first.length, second.length, 'The two lists to correlate')
  checkNotEmpty(first.length, 'The lists to correlate')
  const x = averageRanks(first)
  const y = averageRanks(second)
  const scale = Math.sqrt(crossProduct(x, x)) * Math.sqrt(crossProduct(y, y))
  if (scale === 0) return null
  return Math.max(-1, Math.min(1, crossProduct(x, y) / scale))
}

import { checkNotEmpty, checkSameLength } from '../check.js'
import { averageRanks } from './average-ranks.js'
import { countInversions } from './count-inversions.js'

/** Pairs among runs of equal neighbours. */
function tiedPairs(length: number, sameAsNext: (index: number) => boolean): number {
  let pairs = 0
  let before = 0
  for (let index = 0; index + 1 < length; index += 1) {
    before = sameAsNext(index) ? before + 1 : 0
    pairs += before
  }
  return pairs
}

/**
 * Kendall's rank correlation tau-b, which allows for ties, in O(n log n).
 *
 * @returns A number from -1 to 1, or null where all values of a list are equal: then it is not defined.
 * @throws `SHAPE_MISMATCH` for lists of two lengths, `EMPTY_INPUT` for empty ones, `NOT_FINITE` for NaN
 * and infinities.
 *
 * Source: Kendall (1945), The treatment of ties in ranking problems; Knight (1966), A computer method for
 * calculating Kendall's tau with ungrouped data.
 */
export function kendall(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  checkSameLength(first.length, second.length, 'The two lists to correlate')
  checkNotEmpty(first.length, 'The lists to correlate')
  const n = first.length
  const x = averageRanks(first)
  const y = averageRanks(second)
  const order = x.map((_, index) => index).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!)
  const sortedX = order.map((index) => x[index]!)
  const sortedY = Float64Array.from(order, (index) => y[index]!)
  const ascendingY = Float64Array.from(y).sort()

  const same = (values: ArrayLike<number>) => (index: number) => values[index] === values[index + 1]
  const pairs = (n * (n - 1)) / 2
  const tiedX = tiedPairs(n, same(sortedX))
  const tiedY = tiedPairs(n, same(ascendingY))
  const tiedBoth = tiedPairs(n, (index) => same(sortedX)(index) && same(sortedY)(index))
  if (tiedX === pairs || tiedY === pairs) return null

  const discordant = countInversions(sortedY)
  const difference = pairs - tiedX - tiedY + tiedBoth - 2 * discordant
  const scale = Math.sqrt(pairs - tiedX) * Math.sqrt(pairs - tiedY)
  return Math.max(-1, Math.min(1, difference / scale))
}

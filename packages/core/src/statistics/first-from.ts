/**
 * The smallest whole number from 0 to `most` from which on a condition holds, by bisection; `most` where it holds
 * for none below, which is not asked.
 */
export function firstFrom(most: number, holds: (count: number) => boolean): number {
  let [low, high] = [0, most]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

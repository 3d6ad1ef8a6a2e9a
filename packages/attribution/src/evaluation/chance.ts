/**
 * The average precision that a random order of all items reaches on average:
 * H/N + (E − 1)/(N − 1) · (1 − H/N) with the N-th harmonic number H.
 *
 * Source: Bestgen (2015), Exact expected average precision of the random baseline for system
 * evaluation, equation 5.
 *
 * @param relevant how many items should be found, E, at least 1
 * @param items relevant and other items together, N
 */
export function chanceAveragePrecision(relevant: number, items: number): number {
  const first = harmonicNumber(items) / items
  return items === 1 ? 1 : first + ((relevant - 1) / (items - 1)) * (1 - first)
}

/** The probability that a random order has a relevant item among the first `k`: one less all misses. */
export function chanceHit(options: {
  readonly relevant: number
  readonly items: number
  readonly k: number
}): number {
  const { relevant, items, k } = options
  if (k > items - relevant) return 1
  let misses = 1
  for (let drawn = 0; drawn < relevant; drawn++) misses *= (items - k - drawn) / (items - drawn)
  return 1 - misses
}

/** 1 + 1/2 + … + 1/n; from some thousand on by the expansion of Euler and Maclaurin, exact to 1e-16. */
function harmonicNumber(n: number): number {
  if (n <= 4096) {
    let sum = 0
    for (let term = n; term >= 1; term--) sum += 1 / term
    return sum
  }
  return Math.log(n) + eulerGamma + 1 / (2 * n) - 1 / (12 * n ** 2)
}

const eulerGamma = 0.5772156649015329

/**
 * The Hill number of an order: the effective number of kinds with these shares.
 *
 * Hill 1973, "Diversity and Evenness: A Unifying Notation and Its Consequences", equation 3.
 *
 * @param shares positive, summing to 1, largest first
 */
export function hillNumber(shares: Float64Array, order: number): number {
  const largest = shares[0]!
  if (order === Number.POSITIVE_INFINITY) return 1 / largest
  if (order === 1) {
    return Math.exp(shares.reduce((entropy, share) => entropy - share * Math.log(share), 0))
  }
  // Powers of ratios to the largest, lest all of them underflow.
  const powers = shares.reduce((sum, share) => sum + (share / largest) ** order, 0)
  return Math.exp((order * Math.log(largest) + Math.log(powers)) / (1 - order))
}

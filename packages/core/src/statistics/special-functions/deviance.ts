/**
 * x ln(x / mean) + mean - x, half the Poisson deviance, without cancellation where x is close to the
 * mean. Both are above 0.
 *
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities.
 */
export function deviance(x: number, mean: number): number {
  const difference = x - mean
  const ratio = difference / (x + mean)
  if (Math.abs(ratio) > 0.1) return x * Math.log(x / mean) - difference

  // ln(x / mean) = 2 artanh(ratio) as a series.
  const square = ratio * ratio
  let term = 2 * x * ratio
  let sum = difference * ratio
  for (let odd = 3; odd < 40; odd += 2) {
    term *= square
    sum += term / odd
  }
  return sum
}

/** A guard against an endless loop: beta tails with parameters of 1e12 take some 1e6 steps. */
const mostSteps = 100_000_000

export interface ContinuedFraction {
  /** b0, not 0. */
  readonly first: number
  /** The numerator a_i, i = 1, 2, ... */
  numerator(i: number): number
  /** The denominator b_i, i = 1, 2, ... */
  denominator(i: number): number
}

/**
 * b0 + a1 / (b1 + a2 / (b2 + ...)) by the modified Lentz algorithm, to the last digit. Meant for
 * fractions of positive terms, which cannot meet a division by zero.
 *
 * Source: Thompson and Barnett (1986), Coulomb and Bessel functions of complex arguments and order.
 */
export function continuedFraction({ first, numerator, denominator }: ContinuedFraction): number {
  let value = first
  let forward = first
  let backward = 0
  for (let i = 1; i < mostSteps; i += 1) {
    const a = numerator(i)
    const b = denominator(i)
    backward = 1 / (b + a * backward)
    forward = b + a / forward
    const change = forward * backward
    value *= change
    if (Math.abs(change - 1) <= Number.EPSILON) break
  }
  return value
}
